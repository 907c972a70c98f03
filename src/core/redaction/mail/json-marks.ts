import type { Finding } from '../findings';

/** Behind a string of JSON whose opening quote stands at a place. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
}

/** Findings in JSON: where a number is replaced, a string stands, so that it stays JSON. */
export function quotedInJson(text: string, findings: readonly Finding[]): Finding[] {
  let at = text.indexOf('"');
  let end = at < 0 ? text.length : endOfString(text, at);
  return findings.map((finding) => {
    while (at >= 0 && end <= finding.start) {
      at = text.indexOf('"', end);
      end = at < 0 ? text.length : endOfString(text, at);
    }
    const isInString = at >= 0 && at < finding.start;
    return isInString ? finding : { ...finding, mark: `"${finding.mark}"` };
  });
}
