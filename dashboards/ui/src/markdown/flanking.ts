/**
 * Where stars begin and end emphasis. CommonMark decides by blanks and by signs of every script alike, so that what ends
 * with a sign must be followed by a blank: in languages without blanks, and behind a bold label, emphasis would then run
 * on into the wrong words. This is its rule, and beyond it: stars behind a sign end what is open although a letter
 * follows, where the sign cannot be the beginning of something.
 */

/** Scripts that are written without blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Signs of those scripts. */
const WIDE = /[\u3000-\u303f\uff00-\uffef]/;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const SIGN = /[\p{P}\p{S}]/u;
/** What a sentence, or a label before something, ends with. */
const ENDS = /[:;.,!?…،؛؟。，：；！？、]/;
const OPENS = /[\p{Ps}\p{Pi}]/u;

export const isUnspaced = (sign: string) => UNSPACED.test(sign);

const isBlank = (sign: string) => sign === "" || /\s/.test(sign);
const isSign = (sign: string) => SIGN.test(sign);
const isLetter = (sign: string) => !isBlank(sign) && !isSign(sign);

/** Whether a run of so many stars between two signs, "" for none, may open and close emphasis. */
export function flanking(length: number, before: string, after: string): { opens: boolean; closes: boolean } {
  const opens = isLetter(after) || (isSign(after) && !isLetter(before));
  const closes = isLetter(before) || (isSign(before) && !isLetter(after));
  return {
    opens: opens || (isLetter(before) && isSign(after) && opensWithin(before, after)),
    closes: closes || (isSign(before) && isLetter(after) && closesWithin(length, before, after)),
  };
}

/** `是**（前）负荷**`: between two words that no blank parts. */
const opensWithin = (before: string, after: string): boolean =>
  UNSPACED.test(before) && !ENDS.test(after) && !/\p{Pe}|\p{Pf}/u.test(after);

function closesWithin(length: number, before: string, after: string): boolean {
  if (OPENS.test(before)) return false;
  if (UNSPACED.test(after) || WIDE.test(before)) return true;
  if (RIGHT_TO_LEFT.test(after)) return length > 1;
  // `**Dose:**5 mg`, but not the power in `(a)**b`.
  return length > 1 && ENDS.test(before);
}
