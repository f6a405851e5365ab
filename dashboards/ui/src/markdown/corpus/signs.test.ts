import { expect, test } from "vitest";
import { signsOf, signsSeen } from "./signs.mjs";

test.each([
  ["5~10 mg, 3~4×", "5~10mg,3~4×"],
  ["~~10~~ now 5~~10", "10now5~~10"],
  ["**a** *b* ***c*** _d_ __e__ f_g_h", "abcdef_g_h"],
  ["HLA-B*27:05 and HLA-B*57:01, 2*3*4, 2**3", "HLA-B*27:05andHLA-B*57:01,2*3*4,2**3"],
  ["p<0.05*, p<0.01**", "p<0.05*,p<0.01**"],
  ["# 1. Head\n\n- a\n- > 5\n3) c\n\n> q\n> 5\n\n> 6", "1.Heada>53.cq5>6"],
  ["| a | b |\n|---|---|\n| 1 \\| 2 | `x\\|y` |", "ab1|2x|y"],
  ["a | b", "a|b"],
  ["x\n---\ny\n===", "xy"],
  ["```py\na * b_c  # 1\n```\n`a*b*c`", "a*b_c#1a*b*c"],
  ["$x^2$ costs $5 or 5$, $$y%$$ \\(z\\) \\ce{H2O}", "x^2costs$5or5$,y%z\\ce{H2O}"],
  ["\\*a\\* \\[1\\] C:\\x &lt;5 &#8594; &nope;", "*a*[1]C:\\x<5→&nope;"],
  ["a<br>b<sub>2</sub> <b onclick=x>c</b> <sub>", "ab2<bonclick=x>c</b><sub>"],
  ["[words](https://a.test/b_c) <https://a.test> ![alt](x.png)", "wordshttps://a.testalt"],
  ["x[^1] [1, 2]\n\n[^1]: note", "x1[1,2]1note"],
  ['[1]: https://a.test "t"', '[1]:https://a.test"t"'],
])("%j must show %j", (markdown, signs) => expect(signsOf(markdown)).toBe(signs));

test("what a page shows is read off it: numbers of items, what formulas say, and nothing of what is around code", () => {
  const katex =
    '<span class="katex"><math><mi>x</mi><annotation>x\\%</annotation></math><span>x</span></span>';
  expect(signsSeen(`<ol start="3"><li>a</li><li value="7">b</li></ol>${katex}`)).toBe("3.a7.bx%");
  expect(signsSeen('<div class="code-head">python Copy</div><pre>1 &lt; 2</pre>')).toBe("1<2");
  expect(signsSeen('<p>a<sup>2</sup>\u00a0[1, 2]<span class="cite">3</span></p>')).toBe("a2[1,2][3]");
});
