// A regular expression as a nondeterministic automaton, run for all states at once.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHAR, ANY, SPLIT, MATCH };
typedef struct { int kind, c, out, other; } State;
static State s[400];
static int n;
static const char *p;

typedef struct { int start, end; } Part; // `end` is a SPLIT whose `out` is to be set

static int add(int kind, int c, int out, int other) {
  s[n] = (State){kind, c, out, other};
  return n++;
}

static Part choice(void);

static Part atom(void) {
  if (*p == '(') {
    p++;
    Part r = choice();
    p++;
    return r;
  }
  int kind = *p == '.' ? ANY : CHAR;
  if (*p == '\\') p++;
  int c = *p++;
  int end = add(SPLIT, 0, -1, -1);
  return (Part){add(kind, c, end, -1), end};
}

static Part repeated(void) {
  Part r = atom();
  while (*p == '*' || *p == '+' || *p == '?') {
    int end = add(SPLIT, 0, -1, -1);
    int fork = add(SPLIT, 0, r.start, end);
    if (*p == '?') {
      s[r.end].out = end;
      r.start = fork;
    } else {
      s[r.end].out = fork;
      if (*p == '*') r.start = fork;
    }
    r.end = end;
    p++;
  }
  return r;
}

static Part sequence(void) {
  int first = add(SPLIT, 0, -1, -1);
  Part r = {first, first};
  while (*p && *p != '|' && *p != ')') {
    Part next = repeated();
    s[r.end].out = next.start;
    r.end = next.end;
  }
  return r;
}

static Part choice(void) {
  Part r = sequence();
  while (*p == '|') {
    p++;
    Part other = sequence();
    int end = add(SPLIT, 0, -1, -1);
    int fork = add(SPLIT, 0, r.start, other.start);
    s[r.end].out = end;
    s[other.end].out = end;
    r = (Part){fork, end};
  }
  return r;
}

static void reach(int at, char *in) {
  if (at < 0 || in[at]) return;
  in[at] = 1;
  if (s[at].kind == SPLIT) {
    reach(s[at].out, in);
    reach(s[at].other, in);
  }
}

static int matches(const char *pattern, const char *text) {
  n = 0;
  p = pattern;
  Part r = choice();
  s[r.end].out = add(MATCH, 0, -1, -1);
  char now[400] = {0};
  reach(r.start, now);
  for (; *text; text++) {
    char next[400] = {0};
    for (int i = 0; i < n; i++)
      if (now[i] && (s[i].kind == ANY || (s[i].kind == CHAR && s[i].c == *text))) reach(s[i].out, next);
    memcpy(now, next, sizeof now);
  }
  return now[n - 1];
}

int main(void) {
  const char *cases[][2] = {
    {"a*b", "aaab"}, {"a*b", "aaac"}, {"(a|b)*abb", "abababb"}, {"(a|b)*abb", "ababab"}, {"x.z?", "xyz"},
    {"x.z?", "xy"}, {"(ab)+", ""}, {"(ab)+", "ababab"}, {"\\*+", "***"}, {"", ""}, {"a|b|c", "c"},
    {"(a?)(a?)(a?)(a?)(a?)(a?)(a?)(a?)aaaaaaaa", "aaaaaaaa"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    printf("%-45s %-10s %s\n", cases[i][0], cases[i][1], matches(cases[i][0], cases[i][1]) ? "yes" : "no");
  char pattern[200] = "", text[40] = "";
  for (int i = 0; i < 20; i++) strcat(pattern, "a?");
  for (int i = 0; i < 20; i++) { strcat(pattern, "a"); strcat(text, "a"); }
  printf("%d\n", matches(pattern, text));
  return 0;
}
