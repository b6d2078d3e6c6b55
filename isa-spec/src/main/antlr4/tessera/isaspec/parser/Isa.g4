/// The specification language (docs/language.md).
///
/// Reserved are only let var if else for in resume raise require await jump return stop match as fn true false.
/// Every other word in quotes is soft: `soft` lists them, so each may also name a field, a function or an instruction.
/// A name or a text with {holes} is one token; `hole` parses what stands in the braces. No decision needs full context.
grammar Isa;

file : item* EOF ;
hole : expr EOF ;

item
    : extension | param | constant | trap | typeName | floatType | record | state | access | format | operand
    | ruleDef | window | env | loop | real | fn | action | shape | table | list
    | form | insn | family | alias | on | agent | machine
    ;

// Extensions, parameters, types

extension : 'extension' id ('requires' need (',' need)*)? ('conflicts' ids)? (';' | '{' item* '}') ;
need      : id ('if' id)? ;
param     : 'param' id (':' type)? ('in' range)? ('=' expr)? ('if' expr STRING?)? ';' ;
constant  : 'const' id '=' expr ';' ;
trap      : 'trap' id parameters? '=' expr ('tval' expr)? ';' ;
typeName  : 'type' id '=' type ';' ;
floatType : 'float' id '{' (floatPart ';')* '}' ;
floatPart : id (NUMBER | id) ;
record    : 'record' id '{' (recordPart ';')* '}' ;
recordPart: id '@' NUMBER ':' type ;

// State

state     : 'state' '{' stateItem* '}' ;
stateItem : reg | csr | modeDef | memory | stateFamily | giveField ;
reg       : ('reg' id | 'regs' id '[' expr ']') ':' type trait* ';' ;
csr       : 'csr' name '@' sum trait* ('=' postfix ';' | '{' csrPart* '}') ;
csrPart   : csrField ';' | 'rest' NUMBER ';' | on ;
csrField  : id bits ('=' expr | 'warl' expr | 'input' id | 'counts' expr ('while' expr)? | trait)* ;
modeDef   : 'mode' id '=' bitwise 'in' range ('if' expr)? ';' ;
memory    : 'memory' id trait* (';' | '{' on* '}') ;
stateFamily : 'family' columns '{' stateItem* '}' ;
giveField : path '=' expr ';' ;
trait
    : 'reset' expr | 'zero' NUMBER | 'names' texts | 'needs' expr | 'ro' | 'shared'
    | 'dirty' dirtying (',' dirtying)*
    ;
dirtying  : postfix '=' expr ;

access    : 'access' id typeParameters? '[' ids ']' ':' type '{' 'get' '=' expr ';' ('set' '(' id ')' block)? '}' ;

// Encoding and assembly

format    : 'format' id ':' NUMBER '{' (field ';')* '}' ;
field
    : id bits (':' type)? ('=' NUMBER | 'ignored')?                     # plainField
    | id ':' type '=' chunk ('++' chunk)*                               # scatteredField
    ;
chunk     : bits | NUMBER ;
bits      : '@' NUMBER (':' NUMBER)? ;

operand   : 'operand' id ':' type '{' operandPart* '}' ;
operandPart
    : 'text' operandText (',' operandText)* ';'                         # textsPart
    | 'flags' STRING ';'                                                # flagsPart
    | 'none' STRING ';'                                                 # nonePart
    | 'register' id (',' expr)? ';'                                     # registerPart
    | 'csr' ';'                                                         # csrPartOfOperand
    | 'integer' integerTrait* ';'                                       # integerPart
    | 'pcrel' ';'                                                       # pcrelPart
    | 'step' expr ';'                                                   # stepPart
    | 'default' expr ';'                                                # defaultPart
    | 'relocation' ids ';'                                              # relocationPart
    | 'part' id bits ':' id ';'                                         # nestedPart
    | asm                                                               # asmPart
    ;
integerTrait : 'hex' | 'modulo' expr ;
operandText : STRING '=' expr ('for' id 'in' range)? ;

// Legality, environments, loops, functions

ruleDef   : 'rule' id parameters ('for' path)? 'reserved'? '=' expr STRING? ';' ;
window    : 'window' path parameters ('[' ids ']')? ':' type '{' windowPart* '}' ;
windowPart
    : 'at' expr ';'                                                     # atPart
    | 'extent' expr (',' expr)* ';'                                     # extentPart
    | 'span' expr ';'                                                   # spanPart
    | 'may' 'overlap' ';'                                               # overlapPart
    | let                                                               # letPart
    | legal                                                             # legalPart
    ;
env       : 'env' id parameters? '{' (envPart)* '}' ;
envPart   : legal | 'round' '=' expr ';' | id '->' postfix ';' ;

loop      : 'loop' id '(' id ')' '{' loopPart* '}' ;
loopPart
    : loopBound expr ';'                                                # boundPart
    | 'after' postfix '=' expr ';'                                      # afterPart
    | legal                                                             # loopLegal
    ;
loopBound : 'from' | 'to' | 'most' | 'active' | 'masked' | 'tail' | 'tail_bool' | 'restart' ;

real      : 'real' id parameters ('special' special (',' special)*)? 'compare' id ('=' expr ';' | block) ;
special   : expr '=>' expr ;
fn        : 'fn' id typeParameters? parameters (':' type)? ('=' expr ';' | block) ;
action    : 'action' id typeParameters? parameters (':' type)? block ;
shape     : 'shape' id typeParameters? parameters block ;
table     : 'table' id '[' expr ']' ':' type '=' expr ';' ;
list      : 'list' id '=' array ';' ;

parameters : '(' (parameter (',' parameter)*)? ')' ;
parameter  : id (':' type)? ('=' value)? ;
typeParameters : '<' typeParameter (',' typeParameter)* '>' ;
typeParameter  : id (':' type)? ;

// Instructions

form      : 'form' id parameters? ':' id args? '{' section* '}' ;
insn      : 'insn' name ':' id args? '{' section* '}' ;
family    : 'family' columns '{' item* '}' ;
columns   : column (',' column)* ('where' expr)? ;
column    : (id | '(' ids ')') 'in' (range | array) ;
alias     : 'alias' STRING '=' (target | '{' target (';' target)* '}') ('if' expr)? 'prefer'? ';' ;
target    : name args ;

section
    : enc | asm | mnemonic | requires | legal | useEnv | view | let | op | cost | hint | intrinsic | doc | expands
    ;
enc       : 'enc' encPart+ ';' ;
encPart   : id ('=' expr | ':' id) ;
asm       : 'asm' texts ';' ;
mnemonic  : 'mnemonic' STRING ';' ;
requires  : 'requires' ids ';' ;
legal     : ('legal' | 'reserved') expr STRING? ';' ;
useEnv    : 'env' id args? ';' ;
view      : 'view' id '=' expr (':' type)? ';' ;
op        : 'op' block ;
cost      : 'cost' figures ;
hint      : 'hint' expr ';' ;
intrinsic : 'intrinsic' STRING ';' ;
doc       : 'doc' TEXT ';' ;
expands   : 'expands' target 'named'? ';' ;
figures   : '{' (figure ';')* '}' ;
figure    : id '=' expr ;

// What surrounds instructions

on        : 'on' id parameters? ('if' expr)? block ;
agent     : 'agent' id ':' type '{' ('order' expr ';' | 'run' '(' id ')' block)* '}' ;
machine   : 'machine' id 'for' id '{' machinePart* '}' ;
machinePart : param | unit | costOf ;
unit      : 'unit' id ':' id figures ;
costOf    : 'cost' 'class'? name figures ;

// Statements

block     : '{' stmt* '}' ;
stmt      : let | var | assignOrCall | ifElse | choose | repeat | each | raise | require | leave | stop ;
let       : 'let' pattern (':' type)? '=' value ';' ;
var       : 'var' id (':' type)? '=' expr ';' ;
assignOrCall : postfix (assignOp expr)? ';' ;
assignOp  : '=' | '+=' | '|=' ;
ifElse    : 'if' expr block ('else' (ifElse | block))? ;
choose    : 'match' expr '{' (pattern '=>' block)+ '}' ;
repeat    : 'for' id 'in' range ('max' expr)? block ;
each      : 'resume'? id id ('in' range)? eachTrait* block ;
eachTrait : 'every' 'agnostic'? | 'carry' id '=' expr ;
raise     : 'raise' id args? ';' ;
require   : 'require' expr STRING? ';' ;
leave     : ('await' | 'jump' | 'return') expr ';' ;
stop      : 'stop' ';' ;
pattern   : id | NUMBER | STRING | 'true' | 'false' | '(' pattern (',' pattern)* ')' ;

// Expressions, from low to high. A comparison does not chain and a type argument is a sum: so `f<T>(x)` has one reading.

expr      : 'fn' '(' ids? ')' '=>' expr                                 # lambda
          | or ('?' expr ':' expr)?                                     # choice
          ;
or        : and ('||' and)* ;
and       : compare ('&&' compare)* ;
compare   : bitwise (compareOp bitwise | 'in' range)? ;
compareOp : '==' | '!=' | '<' | '<=' | '>' | '>=' ;
bitwise
    : bitwise '++' bitwise
    | bitwise ('<<' | '>' '>') bitwise
    | bitwise '&' bitwise
    | bitwise '^' bitwise
    | bitwise '|' bitwise
    | sum
    ;
sum
    : ('-' | '~' | '!') sum
    | sum ('*' | '/' | '%') sum
    | sum ('+' | '-') sum
    | postfix
    ;
postfix   : primary suffix* ;
suffix
    : '.' id                                                            # member
    | args                                                              # call
    | index                                                             # at
    | '<' typeArg '>' (args | index)                                    # typed
    | 'as' id                                                           # reread
    ;
primary   : NUMBER | STRING | 'true' | 'false' | id | NAME | tuple | array | matchExpr ;
matchExpr : 'match' expr '{' matchArm (',' matchArm)* '}' ;
matchArm  : pattern '=>' expr ;
tuple     : '(' value (',' value)* ')' ;
array     : '[' value (',' value)* ']' | '[' 'for' id 'in' range ':' expr ']' ;
index     : '[' expr (':' expr | (',' expr)*) ']' ;
args      : '(' (arg (',' arg)*)? ')' ;
arg       : value                                                       # plainArg
          | id '=' value                                                # namedArg
          | id 'in' range ('by' expr)? ('if' expr)? ':' expr            # overArg
          ;
range     : sum '..' sum                                                # fromTo
          | '{' expr (',' expr)* '}'                                    # setOf
          | path                                                        # namedRange
          ;

// Types. Where a value may stand too, only name<…> is read as a type; a name, name[n] or (a, b) is an expression.

type      : (generic | id | '(' type (',' type)* ')') ('[' expr ']')* ;
generic   : id '<' typeArg '>' ;
typeArg   : generic | sum ;
value     : generic | expr ;

// Words

name      : path | NAME ;
path      : id ('.' id)* ;
ids       : id (',' id)* ;
texts     : STRING (',' STRING)* ;
id        : ID | soft ;
soft
    : 'access' | 'action' | 'active' | 'after' | 'agent' | 'agnostic' | 'alias' | 'asm' | 'at' | 'by' | 'carry'
    | 'class' | 'compare' | 'conflicts' | 'const' | 'cost' | 'counts' | 'csr' | 'default' | 'dirty' | 'doc' | 'enc' | 'env'
    | 'every' | 'expands' | 'extension' | 'extent' | 'family' | 'flags' | 'float' | 'form' | 'format' | 'from'
    | 'get' | 'hex' | 'hint' | 'ignored' | 'input' | 'insn' | 'integer' | 'intrinsic' | 'legal' | 'list' | 'loop' | 'machine'
    | 'masked' | 'max' | 'may' | 'memory' | 'mnemonic' | 'mode' | 'modulo' | 'most' | 'named' | 'names' | 'needs' | 'none' | 'on' | 'op'
    | 'operand' | 'order' | 'overlap' | 'param' | 'part' | 'pcrel' | 'prefer' | 'real' | 'record' | 'reg'
    | 'register' | 'regs' | 'relocation' | 'requires' | 'reserved' | 'reset' | 'rest' | 'restart' | 'ro' | 'round'
    | 'rule' | 'run' | 'set' | 'shape' | 'shared' | 'span' | 'special' | 'state' | 'step' | 'table' | 'tail'
    | 'tail_bool' | 'text' | 'to' | 'trap' | 'tval' | 'type' | 'unit' | 'view' | 'warl' | 'where' | 'while'
    | 'window' | 'zero'
    ;

ID      : [A-Za-z_] [A-Za-z_0-9]* ;
NUMBER  : '0x' [0-9A-Fa-f_]+ | '0b' [01_]+ | [0-9] [0-9_]* ('.' [0-9]+)? ;
NAME    : '`' ~[`\r\n]+ '`' ;
TEXT    : '"""' .*? '"""' ;
STRING  : '"' (~["\\\r\n] | '\\' .)* '"' ;
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
SPACE   : [ \t\r\n]+ -> skip ;
OTHER   : . ;
