import { escapeHtml } from '../html';
import type { Translator, Values } from '../i18n/translator';
import type { AvailabilityReport } from './availability-report';
import type { ProcessingView } from './processing';
import { processingSections } from './processing-words';
import { kindLabel, reasonText } from './availability-sentences';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; margin: 1rem 0 0.5rem; }
th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); vertical-align: top; }
`;

/** The report as a page that stands alone: no script, no network. */
export function availabilityHtml(
  report: AvailabilityReport,
  processing: ProcessingView | null,
  translator: Translator,
): string {
  const t = (key: string, values: Values = {}): string =>
    escapeHtml(translator.t(`report.${key}`, values));
  const { createdAt, searched } = report;
  return `<!doctype html>
<html lang="${escapeHtml(translator.tag)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${t('title')}</title>
<style>${style}</style>
</head>
<body>
<h1>${t('title')}</h1>
<p>${t('made', { createdAt, ...searched })}</p>
<ul>${report.sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
${missingTable(report, translator)}
${processing === null ? '' : processingHtml(processing, translator)}
</body>
</html>
`;
}

/** The information of Art. 15(1) and (2) GDPR on what is in the package. */
function processingHtml(processing: ProcessingView, translator: Translator): string {
  const sections = processingSections(processing, translator).map(
    ({ heading, terms, language }) => {
      const list = terms.map(({ term, texts }) => {
        const lang = escapeHtml(language);
        const values = texts.map((text) => `<dd lang="${lang}">${escapeHtml(text)}</dd>`);
        return `<dt>${escapeHtml(term)}</dt>${values.join('')}`;
      });
      return `<h3>${escapeHtml(heading)}</h3><dl>${list.join('')}</dl>`;
    },
  );
  return `<h2>${escapeHtml(translator.t('processing.title'))}</h2>${sections.join('')}`;
}

function missingTable({ missing }: AvailabilityReport, translator: Translator): string {
  const t = (key: string): string => escapeHtml(translator.t(`report.${key}`));
  if (missing.length === 0) return `<p>${t('nothingMissing')}</p>`;
  const head = ['columnConversation', 'columnKind', 'columnStatus', 'columnWhy']
    .map((key) => `<th scope="col">${t(key)}</th>`)
    .join('');
  const rows = missing.map(({ conversation, kind, status, reason }) => {
    const cells = [
      conversation === 0 ? '' : String(conversation),
      kindLabel(kind, translator),
      status,
      reasonText(reason, translator),
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table><caption>${t('missing')}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
