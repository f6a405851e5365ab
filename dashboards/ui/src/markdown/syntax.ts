/** What of Markdown is read as markup: GitHub's, without what takes signs away from texts as models write them. */
import { blockQuote } from "micromark-core-commonmark";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { gfmTable } from "micromark-extension-gfm-table";
import { gfmTaskListItem } from "micromark-extension-gfm-task-list-item";
import type { Code, Construct, Extension, State, Tokenizer } from "micromark-util-types";

const [SPACE, STAR, MORE, TILDE] = [32, 42, 62, 126] as const;

const isDigit = (code: Code) => code !== null && code >= 48 && code <= 57;
const isWord = (code: Code) => code !== null && /[\p{L}\p{N}]/u.test(String.fromCodePoint(Math.max(0, code)));

/** Signs between two letters or digits are signs: HLA-B*27:05, 2*3*4, 2**3, 5~~10. */
function signsBetween(sign: number, length: number, isSide: (code: Code) => boolean): Construct {
  const tokenize: Tokenizer = function (effects, ok, nok) {
    const { previous } = this;
    let seen = 0;
    const start: State = (code) => {
      if (!isSide(previous)) return nok(code);
      effects.enter("data");
      return next(code);
    };
    const next: State = (code) => {
      if (code === sign && seen < length) {
        seen += 1;
        effects.consume(code);
        return next;
      }
      if (seen !== length || !isSide(code)) return nok(code);
      effects.exit("data");
      return ok(code);
    };
    return start;
  };
  return { name: "signsBetween", tokenize };
}

/** `>` before a number is "more than": as in `- > 60 mL/min`. */
const moreThan: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    const start: State = (code) => {
      effects.enter("data");
      effects.consume(code);
      return after;
    };
    const after: State = (code) => {
      if (code === SPACE) {
        effects.consume(code);
        return after;
      }
      effects.exit("data");
      return isDigit(code) || code === 61 ? ok(code) : nok(code);
    };
    return start;
  },
};

/** A quote goes on behind up to three spaces. */
const goesOn: Tokenizer = (effects, ok, nok) => {
  const mark = effects.attempt(quote, ok, nok);
  let spaces = 0;
  const space: State = (code) => {
    if (code === SPACE && spaces < 3) {
      spaces += 1;
      effects.consume(code);
      return space;
    }
    effects.exit("linePrefix");
    return mark(code);
  };
  return (code) => {
    if (code !== SPACE) return mark(code);
    effects.enter("linePrefix");
    return space(code);
  };
};

const quote: Construct = {
  ...blockQuote,
  name: "quote",
  continuation: { tokenize: goesOn },
  tokenize(effects, ok, nok) {
    const begin = blockQuote.tokenize.call(this, effects, ok, nok) as State;
    const isOpen = this.containerState?.open;
    return (code) => (isOpen || code !== MORE ? begin(code) : effects.check(moreThan, nok, begin)(code));
  },
};

const truthful: Extension = {
  document: { [MORE]: quote },
  text: {
    [STAR]: [signsBetween(STAR, 1, isWord), signsBetween(STAR, 2, isDigit)],
    [TILDE]: signsBetween(TILDE, 2, isDigit),
  },
  // Definitions are not shown at all, and in a block of HTML no Markdown is read.
  disable: { null: ["blockQuote", "definition", "htmlFlow"] },
};

export const syntax: Extension[] = [
  gfmAutolinkLiteral(),
  gfmStrikethrough({ singleTilde: false }),
  gfmTable(),
  gfmTaskListItem(),
  truthful,
];
