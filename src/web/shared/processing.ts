import type { Translator } from '../../core/i18n/translator';
import type { ProcessingView } from '../../core/package/processing';
import { processingSections } from '../../core/package/processing-words';
import { make } from './dom';

/** What the controller says of its processing (Art. 15(1) and (2) GDPR), folded; nothing without it. */
export function processingPart(
  processing: ProcessingView | null | undefined,
  translator: Translator,
  attributes: Record<string, string> = {},
): HTMLElement[] {
  if (!processing) return [];
  const sections = processingSections(processing, translator).flatMap(
    ({ heading, terms, language }) => [
      make('h2', {}, heading),
      make(
        'dl',
        {},
        ...terms.flatMap(({ term, texts }) => [
          make('dt', {}, term),
          ...texts.map((text) => make('dd', { lang: language }, text)),
        ]),
      ),
    ],
  );
  const title = make('summary', {}, translator.t('processing.title'));
  return [make('details', { class: 'processing', ...attributes }, title, ...sections)];
}
