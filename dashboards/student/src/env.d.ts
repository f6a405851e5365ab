/** Where pdf.js finds its own files: see `vite.pdfjs.ts`. */
declare const PDFJS_FILES: string;
