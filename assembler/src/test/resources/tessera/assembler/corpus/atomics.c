// Atomic operations in every memory order and width.
#include <stdatomic.h>
atomic_int counter; atomic_long wide; atomic_uchar byte; _Atomic short half; _Atomic(void *) pointer; atomic_flag lock = ATOMIC_FLAG_INIT;
int next(void) { return atomic_fetch_add(&counter, 1); }
long relaxed(long v) { return atomic_fetch_add_explicit(&wide, v, memory_order_relaxed); }
int acquire(void) { return atomic_load_explicit(&counter, memory_order_acquire); }
void release(int v) { atomic_store_explicit(&counter, v, memory_order_release); }
int consistent(int v) { atomic_store(&counter, v); return atomic_load(&counter); }
_Bool replace(int old, int fresh) { return atomic_compare_exchange_strong(&counter, &old, fresh); }
_Bool replace_weak(long *old, long fresh) { return atomic_compare_exchange_weak_explicit(&wide, old, fresh, memory_order_acq_rel, memory_order_relaxed); }
unsigned char bytes(unsigned char v) { return atomic_fetch_or(&byte, v) ^ atomic_exchange(&byte, v); }
short halves(short v) { return atomic_fetch_sub(&half, v); }
void *take(void) { return atomic_exchange(&pointer, (void *)0); }
void spin(void) { while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) ; atomic_flag_clear_explicit(&lock, memory_order_release); }
int logic(int v) { return atomic_fetch_and(&counter, v) + atomic_fetch_xor(&counter, v) + atomic_fetch_or(&counter, v); }
void barriers(void) { atomic_thread_fence(memory_order_seq_cst); atomic_thread_fence(memory_order_acquire); atomic_thread_fence(memory_order_release); atomic_signal_fence(memory_order_seq_cst); }
int old_style(int *p) { __sync_synchronize(); return __sync_fetch_and_add(p, 2) + __sync_val_compare_and_swap(p, 1, 2) + __sync_lock_test_and_set(p, 5); }
