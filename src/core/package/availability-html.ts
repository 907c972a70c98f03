import { escapeHtml } from '../html';
import { formats } from '../i18n/formats';
import type { Translator } from '../i18n/translator';
import { kindLabel, reasonText } from './availability-sentences';
import type { AvailabilityReport } from './availability-report';
import { reportPage, type ReportKind, type ReportPage } from './availability-words';
import type { MissingGroup } from './missing-groups';
import type { ProcessingView } from './processing';
import { processingSections } from './processing-words';
import { reportStyle } from './report-style';

/** What the page is made from. */
export interface ReportSources {
  report: AvailabilityReport;
  groups: readonly MissingGroup[];
  processing: ProcessingView | null;
  controller: string;
  /** Time zone of the times that are shown (IANA). */
  timeZone: string;
}

/**
 * The report as a page that stands alone: no script, no network, no link. It looks as the viewer does.
 * @param translator of the language of the page
 */
export function availabilityHtml(sources: ReportSources, translator: Translator): string {
  const { report, groups, processing, controller, timeZone } = sources;
  const words = { ...translator, ...formats(translator.tag, timeZone) };
  const page = reportPage({ ...report, groups, controller }, words);
  const title = escapeHtml(page.title);
  return `<!doctype html>
<html lang="${escapeHtml(translator.tag)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(translator.t('report.title'))}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="lead">${escapeHtml(page.lead)}</p>
<p class="made">${escapeHtml(page.made)}</p>
${kindsHtml(page)}
${sectionsHtml(page)}
${missingTable(report, translator)}
${processing === null ? '' : processingHtml(processing, translator)}
</main>
</body>
</html>
`;
}

/** Kinds of data: those with gaps, and folded those without. */
function kindsHtml({ incomplete, complete, incompleteTitle, completeTitle }: ReportPage): string {
  const open = incomplete.length === 0 ? ' open' : '';
  const first =
    incomplete.length === 0
      ? ''
      : `<section class="card"><h2>${escapeHtml(incompleteTitle)}</h2>${incomplete.map(kindHtml).join('')}</section>`;
  const second =
    complete.length === 0
      ? ''
      : `<details class="card"${open}><summary><h2>${escapeHtml(completeTitle)}</h2></summary>${complete.map(kindHtml).join('')}</details>`;
  return first + second;
}

const wide = 1000;

/** A kind with a bar of what is there, in words beside it. */
function kindHtml({ label, exported, all, count, gaps }: ReportKind): string {
  const filled = all === 0 ? 0 : Math.round((exported / all) * wide);
  const tone = gaps.length === 0 ? 'bar whole' : 'bar';
  const lines = gaps.map(
    ({ what, why, where }) =>
      `<li><strong>${escapeHtml(what)}.</strong> ${escapeHtml([why, where].filter(Boolean).join(' '))}</li>`,
  );
  return `<div class="kind"><h3>${escapeHtml(label)}</h3><svg class="${tone}" viewBox="0 0 ${wide} 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${filled}" height="8"/></svg><p>${escapeHtml(count)}</p>${
    lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`
  }</div>`;
}

function sectionsHtml({ sections }: ReportPage): string {
  const cards = sections.map(({ title, lines }) => {
    const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`);
    return `<section class="card"><h2>${escapeHtml(title)}</h2><ul>${items.join('')}</ul></section>`;
  });
  return `<div class="grid">${cards.join('')}</div>`;
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
  return `<section class="card words"><h2>${escapeHtml(translator.t('processing.title'))}</h2>${sections.join('')}</section>`;
}

/** Every single thing that is missing, folded. */
function missingTable({ missing }: AvailabilityReport, translator: Translator): string {
  const t = (key: string): string => escapeHtml(translator.t(`report.${key}`));
  if (missing.length === 0) return '';
  const head = ['columnConversation', 'columnKind', 'columnWhy']
    .map((key) => `<th scope="col">${t(key)}</th>`)
    .join('');
  const rows = missing.map(({ conversation, kind, reason }) => {
    const cells = [
      conversation === 0 ? '' : String(conversation),
      kindLabel(kind, translator),
      reasonText(reason, translator),
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<details class="card"><summary><h2>${t('missing')}</h2></summary><div class="table"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}
