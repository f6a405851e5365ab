/** A citation in a text: where it stands, and the passages that it names. */
export interface Marker {
  start: number;
  end: number;
  numbers: number[];
}

const MARKER = /\[[ ]*\d{1,3}(?:[ ]*[,;][ ]*\d{1,3})*[ ]*\]/g;

/** Where brackets cite nothing: code and formulas. */
const APART =
  /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|(`+)(?!`)[^\n]*?[^`\n]\1(?!`)|\$\$[\s\S]*?(?:\$\$|$)|\\\[[\s\S]*?\\\]|\\\([\s\S]*?\\\)|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)/g;

const UNIT =
  /^[ \u00a0\u202f]{0,2}(?:[%‰°×]|(?:mmHg|cmH[2₂]O|k?Pa|m?bar|Torr|[mµμunpf]?mol|[mµμn]M|[kmµμunp]?g|mcg|[dcmµμufn]?[Ll]|[kcmµμun]?m|[kM]?Hz|[br]pm|m?s|h|[mkµμ]?I?U|mEq|mval|mOsm|mosmol|k?cal|kJ|[kM]eV|m[VA]|m?Gy|m?Sv|M?Bq|sec(?:ond)?s?|min(?:ute)?s?|hrs?|hours?|days?|weeks?|months?|years?|points)(?![\p{L}\p{N}]))/u;

const INTERVAL = /(?:^|[^\p{L}])(?:ci|cri|iqr|interval|ranges?|between|within|domain)[ \u00a0]*$/iu;

/**
 * The citations of a text, as the worker reads them (`worker/src/markers`): what is no citation for it becomes no link
 * here. A text that is cut out of Markdown may be given as well.
 */
export function markersIn(text: string): Marker[] {
  const apart = [...text.matchAll(APART)].map(
    ({ 0: whole, index }) => [index, index + whole.length] as const,
  );
  return [...text.matchAll(MARKER)].flatMap(({ 0: whole, index: start }): Marker[] => {
    const end = start + whole.length;
    if (apart.some(([from, to]) => from < end && start < to)) return [];
    const numbers = (whole.match(/\d+/g) ?? []).map(Number);
    const cites = !numbers.includes(0) && isCertain(text.slice(0, start), numbers, text.slice(end));
    return cites ? [{ start, end, numbers }] : [];
  });
}

function isCertain(before: string, numbers: number[], after: string): boolean {
  const [first = 0, second = 0] = numbers;
  const pair = numbers.length === 2 && first < second;
  // `a[7]` and `\sqrt[3]` are none, `rises[1]` is.
  const word = /\w*$/.exec(before)?.[0] ?? "";
  if (before.slice(0, before.length - word.length).endsWith("\\")) return false;
  if (word !== "" && !/^[A-Za-z]{3,}$/.test(word)) return false;
  if (/[=∈≈≤≥±<][ \u00a0]*$/.test(before) || (pair && INTERVAL.test(before))) return false;
  if (/^[({]/.test(after)) return false;
  // An isotope, or the rest of an ordinal.
  if (/^[A-Za-z0-9]/.test(after)) return !pair && /^[A-Za-z0-9]{3}/.test(after);
  const unit = UNIT.exec(after)?.[0].trim();
  // A single number before a single letter, or a word, may well be a citation.
  return (
    unit === undefined ||
    (numbers.length === 1 && /^(?:[a-zA-Z]|[a-z]{3,}s?)$/.test(unit) && !SYMBOLS.has(unit))
  );
}

/** Units that are no words. */
const SYMBOLS = new Set([
  "mol",
  "mmol",
  "nmol",
  "pmol",
  "fmol",
  "umol",
  "bar",
  "mbar",
  "bpm",
  "rpm",
  "cal",
  "kcal",
  "mcg",
  "mval",
  "mosmol",
]);
