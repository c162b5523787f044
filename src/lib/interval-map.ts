// Disjoint half-open intervals of numbers in ascending order, with look-up by binary search and search for gaps.

export interface Interval {
  readonly start: number;
  /** First number past the interval. */
  readonly end: number;
}

/** Holds intervals that never overlap; members may change their bounds in place as long as the order stays. */
export class IntervalMap<T extends Interval> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#items[Symbol.iterator]();
  }

  /** The interval that contains `point`. */
  at(point: number): T | undefined {
    const item = this.#items[this.#indexAfter(point)];
    return item !== undefined && item.start <= point ? item : undefined;
  }

  /** The first interval that ends after `point`: the one that contains it or the next above. */
  after(point: number): T | undefined {
    return this.#items[this.#indexAfter(point)];
  }

  /** The last interval that ends at or before `point`. */
  before(point: number): T | undefined {
    return this.#items[this.#indexAfter(point) - 1];
  }

  /** The intervals that share a number with [start, end), in order; a copy, so the map may change meanwhile. */
  overlapping(start: number, end: number): T[] {
    const first = this.#indexAfter(start);
    let last = first;
    for (let item = this.#items[last]; item !== undefined && item.start < end; item = this.#items[last]) last++;
    return this.#items.slice(first, last);
  }

  isFree(start: number, end: number): boolean {
    const item = this.#items[this.#indexAfter(start)];
    return item === undefined || item.start >= end;
  }

  /** Adds an interval; the caller has made sure that its place is free. */
  insert(item: T): void {
    this.#items.splice(this.#indexAfter(item.start), 0, item);
  }

  remove(item: T): void {
    const index = this.#indexAfter(item.start);
    if (this.#items[index] === item) this.#items.splice(index, 1);
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Start of the highest free range of `length` within [low, high); `margin` of an interval is kept free below it. */
  highestGap(low: number, high: number, length: number, margin: (item: T) => number): number | undefined {
    let top = high;
    for (let i = this.#indexStarting(high) - 1; i >= -1; i--) {
      const item = this.#items[i];
      const bottom = item === undefined ? low : Math.max(low, item.end);
      const above = this.#items[i + 1];
      if (above !== undefined) top = Math.min(top, above.start - margin(above));
      if (top - bottom >= length) return top - length;
      if (item === undefined || item.start <= low) return undefined;
      top = Math.min(top, item.start - margin(item));
    }
    return undefined;
  }

  /** Start of the lowest free range of `length` within [low, high). */
  lowestGap(low: number, high: number, length: number, margin: (item: T) => number): number | undefined {
    let bottom = low;
    for (let i = this.#indexAfter(low); ; i++) {
      const item = this.#items[i];
      const top = item === undefined ? high : Math.min(high, item.start - margin(item));
      if (top - bottom >= length) return bottom;
      if (item === undefined || item.end >= high) return undefined;
      bottom = Math.max(bottom, item.end);
    }
  }

  /** Index of the first interval that ends after `point`. */
  #indexAfter(point: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // `middle` lies inside the array
      if (this.#items[middle]!.end > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Index of the first interval that starts at or after `point`. */
  #indexStarting(point: number): number {
    const index = this.#indexAfter(point);
    const item = this.#items[index];
    return item !== undefined && item.start < point ? index + 1 : index;
  }
}
