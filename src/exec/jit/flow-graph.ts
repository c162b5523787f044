// Orders a control-flow graph for structured code: reducible, in reverse postorder, with dominators.
//
// WebAssembly has loops with one entry only. A cycle that is entered in several places gets a dispatch node as its one
// header: edges from outside reach their target through it, by a label that they set. (N. Ramsey, "Beyond Relooper", 2022,
// for what is then done with the order.)

export interface Edge {
  readonly to: number;
  /** The value of the label to set: which way the dispatch nodes go. */
  readonly label?: number;
}

export interface Graph {
  /** Nodes by number; those from `given` on are dispatch nodes. */
  readonly edges: readonly (readonly Edge[])[];
  readonly given: number;
  /** Node numbers in reverse postorder; unreachable ones are left out. */
  readonly order: readonly number[];
  /** Place in the order by node. */
  readonly place: readonly number[];
  /** Immediate dominator by node, -1 for the root. */
  readonly dominator: readonly number[];
  /** Nodes that some edge goes back to. */
  readonly headers: ReadonlySet<number>;
  /** Nodes with several edges from before, or a header with any besides its loop's. */
  readonly merges: ReadonlySet<number>;
}

/** `successors` by node, node 0 is where control enters; undefined ones lead out. */
export function flowGraph(successors: readonly (readonly (number | undefined)[])[], root = 0): Graph {
  const edges: Edge[][] = successors.map((list) => list.map((to) => ({ to: to ?? -1 })));
  const reachable = new Set(depthFirst(edges, root));
  edges.forEach((list, node) => {
    if (!reachable.has(node)) list.length = 0;
  });
  untangle(edges, reachable, root);
  const order = depthFirst(edges, root).reverse();
  const place = edges.map(() => -1);
  order.forEach((node, i) => {
    place[node] = i;
  });
  const before: number[][] = edges.map(() => []);
  const headers = new Set<number>();
  for (const node of order)
    for (const { to } of edges[node] as Edge[]) {
      if (to < 0) continue;
      if ((place[to] as number) <= (place[node] as number)) headers.add(to);
      else (before[to] as number[]).push(node);
    }
  const merges = new Set(order.filter((node) => (before[node] as number[]).length > 1));
  return {
    edges,
    given: successors.length,
    order,
    place,
    dominator: dominators(order, place, before),
    headers,
    merges,
  };
}

/**
 * By node: the header of the innermost cycle around it, if that is the only node where the cycle is entered; else, and outside
 * of cycles, undefined.
 */
export function loopHeaders(successors: readonly (readonly (number | undefined)[])[], root = 0): (number | undefined)[] {
  const edges = successors.map((list) => list.map((to) => ({ to: to ?? -1 })));
  const headers = successors.map((): number | undefined => undefined);
  const visit = (nodes: ReadonlySet<number>): void => {
    for (const cycle of cycles(edges, nodes)) {
      const entries = entriesOf(edges, cycle, root);
      for (const node of cycle) headers[node] = entries.length === 1 ? entries[0] : undefined;
      const inner = new Set(cycle);
      inner.delete(entries[0] as number);
      visit(inner);
    }
  };
  visit(new Set(depthFirst(edges, root)));
  return headers;
}

/** Loops by header: all nodes from which the header is reached without leaving the loop, it among them. */
export function loopsOf({ edges, order, place }: Graph): ReadonlyMap<number, ReadonlySet<number>> {
  const before: number[][] = edges.map(() => []);
  for (const node of order) for (const { to } of edges[node] as readonly Edge[]) if (to >= 0) before[to]?.push(node);
  const loops = new Map<number, Set<number>>();
  for (const last of order)
    for (const { to: header } of edges[last] as readonly Edge[]) {
      if (header < 0 || (place[header] as number) > (place[last] as number)) continue;
      const nodes = loops.get(header) ?? new Set([header]);
      loops.set(header, nodes);
      const queue = [last];
      for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
        if (nodes.has(node)) continue;
        nodes.add(node);
        queue.push(...(before[node] as readonly number[]));
      }
    }
  return loops;
}

/** Nodes in postorder. */
function depthFirst(edges: readonly (readonly Edge[])[], root: number): number[] {
  const seen = new Set([root]);
  const postorder: number[] = [];
  const stack = [{ node: root, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    // The last successor first: what follows in the code comes first in the reverse.
    const list = edges[top.node] as readonly Edge[];
    const edge = list[list.length - 1 - top.next++];
    if (!edge) {
      postorder.push(top.node);
      stack.pop();
    } else if (edge.to >= 0 && !seen.has(edge.to)) {
      seen.add(edge.to);
      stack.push({ node: edge.to, next: 0 });
    }
  }
  return postorder;
}

/** Gives each cycle among `nodes` one header, then does the same to what is left without the header. */
function untangle(edges: Edge[][], nodes: ReadonlySet<number>, root: number): void {
  for (const cycle of cycles(edges, nodes)) {
    const entries = entriesOf(edges, cycle, root);
    let header = entries[0] as number;
    if (entries.length > 1) {
      const dispatch = edges.push(entries.map((to) => ({ to }))) - 1;
      edges.forEach((list, from) => {
        if (from === dispatch) return;
        list.forEach((edge, i) => {
          const label = entries.indexOf(edge.to);
          // Inside, only the first entry is reached through the dispatch node: the others stay what they are there.
          if (label >= 0 && (!cycle.has(from) || label === 0)) list[i] = { to: dispatch, label };
        });
      });
      header = dispatch;
    }
    const inner = new Set(cycle);
    inner.delete(header);
    untangle(edges, inner, header);
  }
}

/** Nodes of a cycle that are reached from outside, or where control begins. */
function entriesOf(edges: readonly (readonly Edge[])[], cycle: ReadonlySet<number>, root: number): number[] {
  const entries = new Set<number>();
  edges.forEach((list, from) => {
    if (!cycle.has(from)) for (const { to } of list) if (cycle.has(to)) entries.add(to);
  });
  if (cycle.has(root)) entries.add(root);
  // The one that most edges of the cycle lead to first: what is left without it falls apart into smaller ones.
  const inner = new Map([...entries].map((entry) => [entry, 0]));
  for (const node of cycle)
    for (const { to } of edges[node] as readonly Edge[]) {
      const count = inner.get(to);
      if (count !== undefined) inner.set(to, count + 1);
    }
  return [...entries].sort((a, b) => (inner.get(b) as number) - (inner.get(a) as number) || a - b);
}

/** Strongly connected components of more than one node (Tarjan); a node that only follows itself needs nothing. */
function cycles(edges: readonly (readonly Edge[])[], nodes: ReadonlySet<number>): Set<number>[] {
  const found: Set<number>[] = [];
  const index = new Map<number, number>(),
    low = new Map<number, number>(),
    open = new Set<number>();
  const path: number[] = [];
  for (const start of nodes) {
    if (index.has(start)) continue;
    const stack = [{ node: start, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { node } = top;
      if (top.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) as number);
        path.push(node);
        open.add(node);
      }
      const edge = (edges[node] as readonly Edge[])[top.next++];
      if (edge) {
        if (!nodes.has(edge.to)) continue;
        if (!index.has(edge.to)) stack.push({ node: edge.to, next: 0 });
        else if (open.has(edge.to)) low.set(node, Math.min(low.get(node) as number, index.get(edge.to) as number));
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (parent) low.set(parent.node, Math.min(low.get(parent.node) as number, low.get(node) as number));
      if (low.get(node) !== index.get(node)) continue;
      const component = new Set(path.splice(path.indexOf(node)));
      for (const each of component) open.delete(each);
      if (component.size > 1) found.push(component);
    }
  }
  return found;
}

/** Immediate dominators (Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm"); the graph is reducible: one pass. */
function dominators(order: readonly number[], place: readonly number[], before: readonly (readonly number[])[]): number[] {
  const dominator = place.map(() => -1);
  for (const node of order.slice(1)) {
    let common = -1;
    for (const from of before[node] as readonly number[]) {
      if (common < 0) common = from;
      for (let other = from; other !== common; ) {
        if ((place[other] as number) > (place[common] as number)) other = dominator[other] as number;
        else common = dominator[common] as number;
      }
    }
    dominator[node] = common;
  }
  return dominator;
}
