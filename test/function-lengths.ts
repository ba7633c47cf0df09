/** How long functions are. What a function is but a frame for does not count: one literal (markup is one), one switch, the tests of a suite. */
import { parseSync } from 'oxc-parser';

/** Lines of a function that are neither blank nor comments, from its first to its last. */
export const MOST_LINES = 40;

interface Node {
  type: string;
  start: number;
  end: number;
  [part: string]: unknown;
}

const FRAMED = /^(ObjectExpression|ArrayExpression|JSXElement|SwitchStatement)$/;

/** The functions of a source text that are longer, as `file:line name has N lines`. */
export function longFunctions(file: string, source: string): string[] {
  const { program, comments } = parseSync(file, source);
  const bare = withoutComments(source, comments);
  const linesIn = ({ start, end }: Node) => bare.slice(start, end).match(/^.*\S/gm)?.length ?? 0;
  const found: string[] = [];
  const visit = (node: Node, name: string, isSuite = false) => {
    if (isFunction(node) && !isSuite && linesIn(node) > MOST_LINES) {
      const lines = linesIn(node) - frames(node).reduce((sum, each) => sum + linesIn(each) - 1, 0);
      const line = source.slice(0, node.start).split('\n').length;
      if (lines > MOST_LINES) found.push(`${file}:${line} ${name || 'a function'} has ${lines} lines`);
    }
    const suite = suiteOf(node);
    for (const child of childrenOf(node)) visit(child, nameOf(child) ?? name, child === suite);
  };
  visit(program as unknown as Node, '');
  return found;
}

/** As long as it was. */
function withoutComments(source: string, comments: readonly { start: number; end: number }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of comments) {
    parts.push(source.slice(from, start), source.slice(start, end).replace(/[^\n]/g, ' '));
    from = end;
  }
  return parts.join('') + source.slice(from);
}

function isFunction({ type, body }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type) && body !== null;
}

/** What the function is a frame for: its longest literal or switch. */
function frames(node: Node): Node[] {
  const framed = allIn(node).filter(({ type }) => FRAMED.test(type));
  const longest = framed.sort((a, b) => b.end - b.start - (a.end - a.start))[0];
  return longest ? [longest] : [];
}

/** The function that a suite is given: a list of tests. */
function suiteOf({ type, callee, arguments: given }: Node): unknown {
  if (type !== 'CallExpression') return null;
  const { name, object } = callee as { name?: string; object?: { name?: string } };
  return (name ?? object?.name) === 'describe' ? (given as unknown[]).at(-1) : null;
}

function allIn(node: Node): Node[] {
  return childrenOf(node).flatMap((child) => [child, ...allIn(child)]);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === 'object' && value !== null && 'type' in value);
}

/** As it is called where it is declared. */
function nameOf(node: Node): string | undefined {
  const { id, key } = node as { id?: { name?: string }; key?: { name?: string } };
  return id?.name ?? key?.name;
}
