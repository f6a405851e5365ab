/** The colours of kinds. What a node is stands in it too, in words: a colour only helps to find its like. */
interface Colour {
  fill: [light: string, dark: string];
  edge: [light: string, dark: string];
}

const COLOURS: readonly Colour[] = [
  { fill: ["#e3f0ea", "#173029"], edge: ["#0b5d4e", "#79cfb5"] },
  { fill: ["#e4ecf8", "#18283d"], edge: ["#2b5797", "#8fb8ee"] },
  { fill: ["#f3e7f5", "#301d36"], edge: ["#7b3a8a", "#d7a3e3"] },
  { fill: ["#fbeadd", "#38230f"], edge: ["#8f4a10", "#eeb077"] },
  { fill: ["#eceeda", "#292b12"], edge: ["#5c6112", "#c8cd72"] },
  { fill: ["#e9e9ec", "#26282c"], edge: ["#50555e", "#b4bac4"] },
];

const GREY: Colour = { fill: ["#e9e9ec", "#26282c"], edge: ["#50555e", "#b4bac4"] };

/** Of the kind that comes as the so-manieth of a map. */
export const colourOf = (place: number): Colour => COLOURS[Math.max(0, place) % COLOURS.length] ?? GREY;

/** On a page that is light or dark. */
export const both = ([light, dark]: [string, string]): string => `light-dark(${light}, ${dark})`;

export const INK = "#14201b";
export const MUTED = "#47554f";
export const LINE = "#84928b";
export const PAPER = "#ffffff";
