// Reads JSON into a tree, writes it again, and adds its numbers; refuses what is wrong.
#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NONE, BOOL, NUMBER, TEXT, LIST, OBJECT } Kind;
typedef struct Value {
  Kind kind;
  double number;
  char *text;
  struct Value *child, *next;
  char *name;
} Value;

static const char *p, *start;
static jmp_buf wrong;

static void fail(void) { longjmp(wrong, (int)(p - start) + 1); }
static void space(void) { while (isspace((unsigned char)*p)) p++; }
static Value *make(Kind kind) {
  Value *v = calloc(1, sizeof *v);
  v->kind = kind;
  return v;
}

static char *text(void) {
  if (*p++ != '"') { p--; fail(); }
  char *out = malloc(strlen(p) + 1), *o = out;
  while (*p != '"') {
    if (!*p || (unsigned char)*p < 32) fail();
    if (*p != '\\') { *o++ = *p++; continue; }
    p++;
    switch (*p++) {
      case 'n': *o++ = '\n'; break;
      case 't': *o++ = '\t'; break;
      case '"': *o++ = '"'; break;
      case '\\': *o++ = '\\'; break;
      case 'u': {
        unsigned c = 0;
        for (int i = 0; i < 4; i++, p++) {
          if (!isxdigit((unsigned char)*p)) fail();
          c = c * 16 + (isdigit((unsigned char)*p) ? *p - '0' : (*p | 32) - 'a' + 10);
        }
        if (c < 128) *o++ = (char)c;
        else { *o++ = (char)(0xc0 | c >> 6); *o++ = (char)(0x80 | (c & 63)); }
        break;
      }
      default: p--; fail();
    }
  }
  p++;
  *o = 0;
  return out;
}

static Value *value(void);

static Value *many(Kind kind, char end) {
  Value *v = make(kind), **last = &v->child;
  p++;
  space();
  if (*p == end) { p++; return v; }
  for (;;) {
    char *name = 0;
    space();
    if (kind == OBJECT) {
      name = text();
      space();
      if (*p++ != ':') { p--; fail(); }
    }
    *last = value();
    (*last)->name = name;
    last = &(*last)->next;
    space();
    if (*p == end) { p++; return v; }
    if (*p++ != ',') { p--; fail(); }
  }
}

static Value *value(void) {
  space();
  if (*p == '{') return many(OBJECT, '}');
  if (*p == '[') return many(LIST, ']');
  if (*p == '"') { Value *v = make(TEXT); v->text = text(); return v; }
  if (!strncmp(p, "true", 4)) { p += 4; Value *v = make(BOOL); v->number = 1; return v; }
  if (!strncmp(p, "false", 5)) { p += 5; return make(BOOL); }
  if (!strncmp(p, "null", 4)) { p += 4; return make(NONE); }
  char *end;
  Value *v = make(NUMBER);
  v->number = strtod(p, &end);
  if (end == p) fail();
  p = end;
  return v;
}

static void show(const Value *v) {
  switch (v->kind) {
    case NONE: printf("null"); break;
    case BOOL: printf(v->number ? "true" : "false"); break;
    case NUMBER: printf("%.17g", v->number); break;
    case TEXT: printf("\"%s\"", v->text); break;
    case LIST: case OBJECT:
      putchar(v->kind == LIST ? '[' : '{');
      for (const Value *c = v->child; c; c = c->next) {
        if (c->name) printf("\"%s\":", c->name);
        show(c);
        if (c->next) putchar(',');
      }
      putchar(v->kind == LIST ? ']' : '}');
  }
}

static double sum(const Value *v) {
  double s = v->kind == NUMBER ? v->number : 0;
  for (const Value *c = v->child; c; c = c->next) s += sum(c);
  return s;
}

static void read(const char *json) {
  p = start = json;
  int at = setjmp(wrong);
  if (at) { printf("wrong at %d: %.12s\n", at - 1, json + at - 1); return; }
  Value *v = value();
  space();
  if (*p) fail();
  show(v);
  printf("  sum %g\n", sum(v));
}

int main(void) {
  read("{\"a\": [1, 2.5, -3e2, 1e-7], \"b\": {\"c\": null, \"d\": true}, \"e\": \"x\\ty\\u00e9\"}");
  read("[[[[]]], {}, \"\", 0.1, 123456789012345678, 1e308]");
  read("[1, 2,, 3]");
  read("{\"a\" 1}");
  read("\"no end");
  read("[1] 2");
  return 0;
}
