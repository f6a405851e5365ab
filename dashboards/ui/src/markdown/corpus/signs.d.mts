export function signsOf(markdown: string): string;
export function signsSeen(html: string): string;
export function formulasSeen(html: string): { tex: string; drawn: string; error: boolean }[];
export function answersOf(file: string): string[];
