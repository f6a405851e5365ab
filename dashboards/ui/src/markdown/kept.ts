/** The newest values that were made of texts, up to so many letters of text. */
export class Kept<Value> {
  private readonly values = new Map<string, Value>();
  private letters = 0;

  constructor(private readonly limit = 1_000_000) {}

  get(text: string, make: (text: string) => Value): Value {
    const found = this.values.get(text);
    if (found !== undefined) {
      this.values.delete(text);
      this.values.set(text, found);
      return found;
    }
    const value = make(text);
    this.values.set(text, value);
    this.letters += text.length;
    for (const oldest of this.values.keys()) {
      if (this.letters <= this.limit || oldest === text) break;
      this.values.delete(oldest);
      this.letters -= oldest.length;
    }
    return value;
  }
}
