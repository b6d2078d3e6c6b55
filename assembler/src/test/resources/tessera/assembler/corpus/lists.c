// Trees, lists and graphs over pointers.
typedef unsigned long size_t; void *malloc(size_t); void free(void *); struct node { struct node *left, *right; int key; signed char balance; };
struct node *find(struct node *t, int key) { while (t && t->key != key) t = key < t->key ? t->left : t->right; return t; }
struct node *insert(struct node *t, int key) { if (!t) { t = malloc(sizeof *t); t->left = t->right = 0; t->key = key; t->balance = 0; } else if (key < t->key) t->left = insert(t->left, key); else if (key > t->key) t->right = insert(t->right, key); return t; }
int height(const struct node *t) { if (!t) return 0; int l = height(t->left), r = height(t->right); return 1 + (l > r ? l : r); } void drop(struct node *t) { if (t) { drop(t->left); drop(t->right); free(t); } }
struct link { struct link *next; long value; }; struct link *reverse(struct link *l) { struct link *r = 0; while (l) { struct link *n = l->next; l->next = r; r = l; l = n; } return r; }
int cycle(const struct link *l) { const struct link *fast = l; while (fast && fast->next) { l = l->next; fast = fast->next->next; if (l == fast) return 1; } return 0; }
static unsigned char graph[32][32]; int reach(int from, int to) { int queue[32], head = 0, tail = 0; unsigned seen = 1u << from; queue[tail++] = from; while (head < tail) { int v = queue[head++]; if (v == to) return 1; for (int w = 0; w < 32; w++) if (graph[v][w] && !(seen >> w & 1)) { seen |= 1u << w; queue[tail++] = w; } } return 0; }
void shortest(int d[16][16]) { for (int k = 0; k < 16; k++) for (int i = 0; i < 16; i++) for (int j = 0; j < 16; j++) if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j]; }
