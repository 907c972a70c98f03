import { z } from 'zod';
import { contrastOf } from '../core/contrast';
import { processingProblems, processingSchema } from '../core/package/processing';
import { group } from './combine';
import { existingFile, existingFolder, jsonFile, language, text } from './formats';
import { optional, required, withDefault } from './setting';
import { topic } from './topic';

const hexColour = /^#[0-9a-fA-F]{6}$/;
/** Of words on a colour (WCAG 2.2, success criterion 1.4.3). */
const leastContrast = 4.5;

const processingFile = jsonFile(processingSchema, {
  message: 'is not a file of JSON',
  invalidContent: (problems) => `does not say what is processed: see ${problems}`,
  problemsOf: processingProblems,
});

/** Settings that name files of the controller's own: docs/controller.md says where these lie. */
export const logoFile = optional('BRAND_LOGO_FILE', existingFile, {
  description:
    'PNG or JPEG, shown in emails and portal. Not set: `controller/logo.png` or `controller/logo.jpg`, where it was deployed.',
});
export const privacyNoticeFile = optional('PRIVACY_NOTICE_FILE', existingFile, {
  description:
    'Privacy notice of the controller, put into each package. Not set: `controller/privacy-notice` (`.pdf`, `.html`, `.txt` or `.md`), where it was deployed.',
});
export const processing = optional('PROCESSING_FILE', processingFile, {
  description:
    'What the company has to say of its processing (Art. 15(1) and (2) GDPR), a JSON file in the form of `controller/processing.example.json`, see [processing.md](processing.md); shown in report, portal and package. Not set: `controller/processing.json`, where it was deployed ([controller.md](controller.md)). Needed unless `PORTAL_ORIGIN` is on loopback.',
  example: 'controller/processing.json',
});
export const localesFolder = optional('LOCALES_FOLDER', existingFolder, {
  description:
    'Folder with further languages, one file each, such as `pt.json`, in the form of `app/locales/en.json` of what is deployed. Not set: `controller/locales`, where it was deployed.',
});

export const controller = topic(
  'Controller and branding',
  'Who is responsible for the data, and how emails, portal and package look.',
  group({
    name: required('CONTROLLER_NAME', text, {
      description: 'Name of the company in emails, portal and package.',
      local: 'Your company',
    }),
    contact: required('CONTROLLER_CONTACT', text, {
      description: 'Mailbox that people write to with questions, and that receives alerts.',
      example: 'privacy@shop.example',
      local: 'privacy@your-company.example',
    }),
    officerLocale: withDefault('OFFICER_LOCALE', language, {
      default: 'en',
      description:
        'Language of the emails that ask privacy officers to act: one of the app, or of `LOCALES_FOLDER`. In the console each officer chooses their own.',
      example: 'de',
    }),
    supervisoryAuthority: optional('SUPERVISORY_AUTHORITY', text, {
      description:
        'Name and address of the supervisory authority for the company, named wherever a person is told of their right to complain.',
      example: 'Data Protection Commission, https://www.dataprotection.ie',
    }),
    colour: withDefault(
      'BRAND_COLOUR',
      z
        .string()
        .regex(hexColour, 'must be a colour such as #0b5c8a')
        .refine(
          // What is no colour has been refused for that.
          (text) => !hexColour.test(text) || contrastOf(text, '#ffffff') >= leastContrast,
          'must have a contrast of 4.5 to 1 to white',
        ),
      {
        default: '#0b5c8a',
        description:
          'Colour of buttons in emails, and of buttons and links in the portal, with white words on it: the contrast must be 4.5 to 1 at least (WCAG 2.2, 1.4.3). The portal makes it darker by day and lighter at night where words could not be read in it.',
      },
    ),
    logoFile,
    privacyNoticeFile,
    processing,
    localesFolder,
  }),
);
