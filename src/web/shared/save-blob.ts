/** How long a browser may take to begin a download, in milliseconds. */
const untilBegun = 60_000;

/** Gives a file to the browser, which saves it as its settings say. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), untilBegun);
}
