/// One statement of assembly text as GNU as reads it. Comments are blank here already, and `;` and line
/// ends have split the statements (Statements.java). The operands of an instruction are whatever tokens the
/// templates of the specification say, so no rule names them; `operand` is what an expression in one may be.
grammar Asm;

/// Labels, then at most the start of something; what follows the name is read by the rule that it asks for.
head
  : label* (assignment | operation)?
  ;

label
  : (name | INTEGER) ':'
  ;

assignment
  : name ('=' | '==')
  ;

operation
  : IDENTIFIER
  ;

name
  : IDENTIFIER
  | STRING
  ;

/// An expression, or a relocation function of one: `%lo(sym + 4)`.
operand
  : '%' IDENTIFIER '(' expression ')' # relocation
  | expression                        # plain
  ;

/// Tightest first. GNU as puts the bitwise operators above addition, and lets `a ! b` mean `a | ~b`.
expression
  : op=('-' | '+' | '~' | '!') expression                                      # unary
  | expression op=('*' | '/' | '%' | '<<' | '>>') expression                   # binary
  | expression op=('|' | '&' | '^' | '!') expression                           # binary
  | expression op=('+' | '-') expression                                       # binary
  | expression op=('==' | '=' | '<>' | '!=' | '<' | '>' | '<=' | '>=') expression # binary
  | expression op='&&' expression                                              # binary
  | expression op='||' expression                                              # binary
  | '(' expression ')'                                                         # group
  | INTEGER                                                                    # number
  | CHARACTER                                                                  # character
  | LOCAL                                                                      # local
  | name                                                                       # reference
  ;

// Shapes of directive arguments, each up to the end of the statement

lone
  : expression EOF
  ;

expressions
  : (expression (',' expression)*)? EOF
  ;

/// `.align 2, 0xff, 3`, `.p2align 4,,15`: any but the first may be left out.
optionals
  : expression (',' optional)* EOF
  ;

optional
  : expression?
  ;

/// `.file "x.c"`, `.file 1 "/src" "x.c" md5 0x…`
file
  : (number=expression)? STRING STRING? (IDENTIFIER hash=INTEGER)? EOF
  ;

/// `.loc 1 5 3 prologue_end is_stmt 0`
place
  : slot=INTEGER row=INTEGER column=INTEGER? mark* EOF
  ;

/// `view .LVU1` reads as two.
mark
  : IDENTIFIER ('-'? INTEGER)?
  ;

/// `.incbin "table.bin", 16, 64`
excerpt
  : STRING (',' optional)* EOF
  ;

names
  : name (','? name)* EOF
  ;

strings
  : STRING (','? STRING)* EOF
  ;

floats
  : real (',' real)* EOF
  ;

real
  : ('-' | '+')? (FLOAT | INTEGER | IDENTIFIER)
  ;

definition
  : name ',' expression EOF
  ;

/// `.section .text.hot,"ax",@progbits`
section
  : sectionName (',' (part=expression ',')? flags=STRING (',' kind (',' expression)* (',' name)*)?)? EOF
  | sectionName ',' part=expression EOF
  ;

/// All up to the comma: `.note.GNU-stack`
sectionName
  : quoted=STRING
  | ~(',' | STRING)+
  ;

kind
  : ('@' | '%') IDENTIFIER
  | ('@' | '%') INTEGER
  | STRING
  ;

/// `.type main, @function`
type
  : name ','? (('@' | '%' | '#')? IDENTIFIER | STRING) EOF
  ;

common
  : name ','? expression (',' expression)? EOF
  ;

/// `.attribute arch, "rv64i"`
attribute
  : (IDENTIFIER | INTEGER) ',' (STRING | expression) EOF
  ;

option
  : IDENTIFIER (',' optionArgument)* EOF
  ;

optionArgument
  : ('+' | '-')? IDENTIFIER
  ;

LOCAL      : [0-9]+ [fb];
FLOAT      : [0-9]+ '.' [0-9]* EXPONENT? | '.' [0-9]+ EXPONENT? | [0-9]+ EXPONENT;
INTEGER    : '0' [xX] [0-9a-fA-F]+ | '0' [bB] [01]+ | [0-9]+;
STRING     : '"' ('\\' . | ~["\\])* '"';
CHARACTER  : '\'' ('\\' [0-7] [0-7]? [0-7]? | '\\' [xX] [0-9a-fA-F]+ | '\\' . | ~[\\\n]) '\''?;
IDENTIFIER : [\p{L}_.$] [\p{L}\p{Nd}_.$]*;
SPACE      : [ \t\r\n\f]+ -> skip;
OTHER      : .;

fragment EXPONENT : [eE] [+-]? [0-9]+;
