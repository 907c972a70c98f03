/** Name, contact and look of the controller in messages, portal and package. */
export interface Branding {
  controllerName: string;
  controllerContact: string;
  /** Name and address of the supervisory authority (Art. 77 GDPR); null where none is named. */
  supervisoryAuthority: string | null;
  portalOrigin: string;
  /** Colour of buttons in emails, and of buttons and links in the portal (`#rrggbb`). */
  colour: string;
  /** Whether emails carry a logo. It is attached, never loaded from a server. */
  hasLogo: boolean;
}
