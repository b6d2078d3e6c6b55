// Structures by value and by reference, unions, flexible arrays, offsets, copies.
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long u64;
struct point { int x, y; }; struct rect { struct point a, b; }; struct big { long v[10]; char c; };
struct mixed { char c; double d; short s; float f; void *p; }; union word { u32 w; float f; u8 b[4]; };
struct packed { u8 a; u32 b; u16 c; u64 d; } __attribute__((packed)); struct aligned { char c; } __attribute__((aligned(64)));
struct list { struct list *next; int n; int data[]; };
struct point add(struct point a, struct point b) { a.x += b.x; a.y += b.y; return a; }
struct rect grow(struct rect r, int by) { r.a.x -= by; r.a.y -= by; r.b.x += by; r.b.y += by; return r; }
struct big zero(void) { struct big b = {{0}, 0}; return b; }
struct big next(struct big b) { for (int i = 0; i < 10; i++) b.v[i]++; b.c ^= 1; return b; }
void copy(struct big *to, const struct big *from) { *to = *from; }
float bits(u32 w) { union word u = {w}; return u.f; }
u32 unpack(const struct packed *p) { return p->a + p->b + p->c + (u32)p->d; }
void pack(struct packed *p, u64 v) { p->a = v; p->b = v; p->c = v; p->d = v; }
long total(const struct list *l) { long s = 0; for (; l; l = l->next) for (int i = 0; i < l->n; i++) s += l->data[i]; return s; }
struct mixed global = {'x', 2.5, -3, 1.25f, &global}; struct aligned far; struct rect unit = {{0, 0}, {1, 1}};
struct mixed *of(struct mixed m) { global = m; return &global; }
static struct { int *p; struct rect *r; } pointers[3] = {{&unit.a.x, &unit}, {&unit.b.y, 0}};
int through(int i) { return *pointers[i].p + pointers[i].r->b.x; }
