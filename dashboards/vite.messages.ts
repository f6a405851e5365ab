import { type PluginObj, types as t, transformAsync } from "@babel/core";
import macros from "@lingui/babel-plugin-lingui-macro";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Plugin } from "vite";

/** Messages are compiled here and not where they are shown: what reads them is twice as large as all the rest of it. */
const compiled: PluginObj = {
  name: "compiled-messages",
  visitor: {
    Program: {
      exit(program) {
        program.traverse({ ObjectExpression: ({ node }) => compileIn(node) });
      },
    },
  },
};

function compileIn({ properties }: t.ObjectExpression): void {
  const named = (name: string) =>
    properties.find(
      (each): each is t.ObjectProperty => t.isObjectProperty(each) && t.isIdentifier(each.key, { name }),
    );
  const message = named("message");
  if (!named("id") || !t.isStringLiteral(message?.value)) return;
  const parts = compileMessage(message.value.value);
  const plain =
    typeof parts === "string" ? parts : parts.every((part) => typeof part === "string") && parts.join("");
  message.value = t.valueToNode(plain === false ? parts : plain) as t.Expression;
}

/**
 * Makes calls of what is written with Lingui's macros. English stays where it is written, so that a page brings its own
 * texts along and no catalogue has to be there for it.
 */
export const messages: Plugin = {
  name: "messages",
  enforce: "pre",
  async transform(code, id) {
    const [path = ""] = id.split("?");
    if (!/\.tsx?$/.test(path) || !/from "@lingui\/(?:core|react)\/macro"/.test(code)) return null;
    const made = await transformAsync(code, {
      filename: path,
      babelrc: false,
      configFile: false,
      sourceMaps: true,
      parserOpts: { plugins: ["typescript", ...(path.endsWith("x") ? (["jsx"] as const) : [])] },
      plugins: [[macros, { stripMessageField: false }], compiled],
    });
    return made?.code ? { code: made.code, map: made.map as never } : null;
  },
};
