/** For each node of a graph, the ids it takes from. Ids that are no key are sources. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** A circle as the ids along it, the first again at the end; null when there is none. */
export function findCircle(edges: Edges): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): string[] | null => {
    if (done.has(id)) return null;
    const start = path.indexOf(id);
    // The path runs against the signals, from taker to giver; a reader follows the signals.
    if (start >= 0) return [...path.slice(start), id].reverse();
    path.push(id);
    for (const giver of edges.get(id) ?? []) {
      const circle = visit(giver);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(id);
    return null;
  };
  for (const id of edges.keys()) {
    const circle = visit(id);
    if (circle !== null) return circle;
  }
  return null;
}

/** The nodes so that each comes after all it takes from, else in the order of the map. The graph has no circle. */
export function topologicalOrder(edges: Edges): string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const visit = (id: string): void => {
    if (done.has(id)) return;
    done.add(id);
    for (const giver of edges.get(id) ?? []) visit(giver);
    if (edges.has(id)) order.push(id);
  };
  for (const id of edges.keys()) visit(id);
  return order;
}
