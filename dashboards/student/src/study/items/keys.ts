/** The keys by which questions are answered: 1 to 4 or A to D choose, with Shift they strike out. */
export interface Pressed {
  key: string;
  code?: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export interface OptionKey {
  option: number;
  strike: boolean;
}

export const LETTERS = ["A", "B", "C", "D"] as const;

export function optionKey(event: Pressed, options: number): OptionKey | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  // With Shift, a digit is another sign on each keyboard.
  const digit =
    /^Digit([1-9])$/.exec(event.code ?? "")?.[1] ?? (/^[1-9]$/.test(event.key) ? event.key : undefined);
  const option = digit ? Number(digit) - 1 : "abcd".indexOf(event.key.toLowerCase());
  const isKey = event.key.length === 1 && option >= 0 && option < options;
  return isKey ? { option, strike: event.shiftKey } : undefined;
}

/** Strikes an option out, or brings it back. */
export const toggled = (options: readonly number[], option: number): number[] =>
  options.includes(option) ? options.filter((each) => each !== option) : [...options, option].sort();
