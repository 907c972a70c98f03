import type { ItemCounts } from '../core/package/items';
import { processingView, type ProcessingView } from '../core/package/processing';
import type { Settings } from '../ports';

/**
 * What the controller says of the processing of the data that is in a package; null without a file.
 * @param language that the person wants (BCP 47)
 */
export function processingOf(
  { settings }: { settings: Pick<Settings, 'branding' | 'processing'> },
  counts: ItemCounts,
  language: string,
): ProcessingView | null {
  const { branding, processing } = settings;
  const controller = {
    name: branding.controllerName,
    contact: branding.controllerContact,
    supervisoryAuthority: branding.supervisoryAuthority,
  };
  return processing && processingView(processing, controller, { counts, language });
}
