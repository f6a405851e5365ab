/** A word or two of a script in English, such as α-blocker, tell nothing: most letters have to be of it. */
const MOST = 0.6;

const count = (words: string, letters: RegExp) => words.match(letters)?.length ?? 0;

/**
 * The language of a text, where its script leaves no doubt: Latin letters never do. Of scripts that several languages
 * share, only letters or words that a single one has decide.
 */
export function languageOf(words: string): string | undefined {
  const letters = count(words, /\p{L}/gu);
  const has = (script: RegExp) => letters > 2 && count(words, script) >= letters * MOST;
  if (/^[\p{Script=Latin}\P{L}]*$/u.test(words)) return undefined;
  if (has(/\p{Script=Hangul}/gu)) return "ko";
  if (has(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu))
    return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(words) ? "ja" : letters > 7 ? "zh" : undefined;
  if (has(/\p{Script=Thai}/gu)) return "th";
  if (has(/\p{Script=Hebrew}/gu)) return "he";
  if (has(/\p{Script=Greek}/gu)) return "el";
  if (has(/\p{Script=Arabic}/gu)) return /[پچژگکیےٹڈڑ]/u.test(words) || !/ة/u.test(words) ? undefined : "ar";
  if (has(/[\p{Script=Devanagari}\p{M}]/gu))
    return /(?<!\p{L})(?:है|हैं)(?![\p{L}\p{M}])/u.test(words) ? "hi" : undefined;
  return undefined;
}
