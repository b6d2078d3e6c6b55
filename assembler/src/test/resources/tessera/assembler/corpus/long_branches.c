// Bodies so large that branches over them do not reach.
int f(int); 
#define A(n) s += f(s ^ n); s = s * 31 + f(n); t -= f(s + t);
#define B(n) A(n) A(n + 1) A(n + 2) A(n + 3) A(n + 4) A(n + 5) A(n + 6) A(n + 7)
#define C(n) B(n) B(n + 10) B(n + 20) B(n + 30) B(n + 40)
int large(int s, int t) { if (s > 3) { C(100) C(200) } else { C(300) } while (t > 0) { C(400) } return s + t; }
int sparse(int s, int t) { for (int i = 0; i < s; i++) { if (i == 77) { B(1) B(2) B(3) } else if (i < 3) continue; A(9) } return s; }
