/** A line of people: first come, first served, leaving from the middle allowed; a place in it is known without counting. */
export class Line {
  /** Who came, by arrival number less `#offset`; undefined: left. A Map's own order would be walked past all who left. */
  #ids: (string | undefined)[] = [];
  #offset = 0;
  #head = 0;
  readonly #arrival = new Map<string, number>();
  /** Arrival numbers after the head's of those who left from the middle, ascending. */
  #gaps: number[] = [];

  get size(): number {
    return this.#arrival.size;
  }

  get first(): string | undefined {
    return this.#ids[this.#head - this.#offset];
  }

  add(id: string): void {
    this.#arrival.set(id, this.#offset + this.#ids.length);
    this.#ids.push(id);
  }

  has(id: string): boolean {
    return this.#arrival.has(id);
  }

  delete(id: string): boolean {
    const number = this.#arrival.get(id);
    if (number === undefined) return false;
    this.#arrival.delete(id);
    this.#ids[number - this.#offset] = undefined;
    if (number === this.#head) this.#advance();
    else this.#gaps.splice(this.#gapsBefore(number), 0, number);
    return true;
  }

  /** How many are before `id`, who must be in it. */
  before(id: string): number {
    const number = this.#arrival.get(id) ?? this.#head;
    return number - this.#head - this.#gapsBefore(number);
  }

  #advance(): void {
    const end = this.#offset + this.#ids.length;
    do this.#head++;
    while (this.#head < end && this.first === undefined);
    if (this.#gaps.length > 0) this.#gaps = this.#gaps.slice(this.#gapsBefore(this.#head));
    // Half of it empty: cut it off, so that each place is moved once on average.
    if (this.#head - this.#offset > this.#ids.length / 2) {
      this.#ids = this.#ids.slice(this.#head - this.#offset);
      this.#offset = this.#head;
    }
  }

  #gapsBefore(number: number): number {
    let low = 0;
    let high = this.#gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#gaps[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
