/** What of Markdown is read as markup: GitHub's, without what takes signs away from texts as models write them. */
import { attention, blockQuote, setextUnderline } from "micromark-core-commonmark";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmFootnote } from "micromark-extension-gfm-footnote";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { gfmTable } from "micromark-extension-gfm-table";
import { gfmTaskListItem } from "micromark-extension-gfm-task-list-item";
import type { Code, Construct, Extension, State, Tokenizer } from "micromark-util-types";
import { flanking, isUnspaced } from "./flanking.ts";

const [SPACE, STAR, EQUALS, MORE, TILDE] = [32, 42, 61, 62, 126] as const;

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

const signOf = (code: Code) => (code === null || code < 0 ? "" : String.fromCodePoint(code));
const isSpacedWord = (code: Code) => isWord(code) && !isUnspaced(signOf(code));

/** Emphasis by stars, which begins and ends where `flanking` says. */
const stars: Construct = {
  ...attention,
  tokenize(effects, ok) {
    const before = signOf(this.previous);
    let length = 0;
    const inside: State = (code) => {
      if (code === STAR) {
        length += 1;
        effects.consume(code);
        return inside;
      }
      const token = effects.exit("attentionSequence");
      const { opens, closes } = flanking(length, before, signOf(code));
      token._open = opens;
      token._close = closes;
      return ok(code);
    };
    return (code) => {
      effects.enter("attentionSequence");
      return inside(code);
    };
  },
};

/** A line of equals signs makes a heading of what is above. One of two is no line. */
const threeSigns: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    let seen = 0;
    const next: State = (code) => {
      if (code === EQUALS && seen < 3) {
        seen += 1;
        effects.consume(code);
        return next;
      }
      effects.exit("data");
      return seen === 3 ? ok(code) : nok(code);
    };
    return (code) => {
      effects.enter("data");
      return next(code);
    };
  },
};

const underline: Construct = {
  ...setextUnderline,
  name: "underline",
  tokenize(effects, ok, nok) {
    const begin = setextUnderline.tokenize.call(this, effects, ok, nok) as State;
    return (code) => effects.check(threeSigns, begin, nok)(code);
  },
};

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
  // A line of dashes is a rule, also directly below a sentence: nobody means the sentence to be a heading.
  flow: { [EQUALS]: underline },
  text: {
    [STAR]: [signsBetween(STAR, 1, isSpacedWord), signsBetween(STAR, 2, isDigit), stars],
    [TILDE]: signsBetween(TILDE, 2, isDigit),
  },
  // Definitions are not shown at all, and in a block of HTML no Markdown is read.
  disable: { null: ["blockQuote", "definition", "htmlFlow", "setextUnderline"] },
};

export const syntax: Extension[] = [
  gfmAutolinkLiteral(),
  // Only the notes themselves: what names one may stand in another block, which is read alone.
  { document: gfmFootnote().document ?? {} },
  gfmStrikethrough({ singleTilde: false }),
  gfmTable(),
  gfmTaskListItem(),
  truthful,
];
