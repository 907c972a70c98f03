export interface Enrolment {
  /** The secret in base 32, for typing it in. */
  secret: string;
  /** The same as an `otpauth://` URI, which apps read from a QR code. */
  uri: string;
}

/** Authenticator apps (TOTP) of people. Each belongs to a contact and outlives the request. */
export interface Authenticators {
  /** Opaque id of a contact's authenticator: the one that it is stored under, whatever key was used then. */
  authenticatorIdOf(organisation: string, contactId: string): Promise<string>;
  isEnrolled(authenticatorId: string): Promise<boolean>;
  /** Makes a new secret, which replaces any earlier one; it is valid once it is confirmed. */
  enrol(authenticatorId: string): Promise<Enrolment>;
  /** Takes the first code of a new secret. Returns recovery codes, or null when the code is wrong. */
  confirm(authenticatorId: string, code: string): Promise<string[] | null>;
  /** Whether this is the app's present code or a recovery code. Each is accepted once. */
  check(authenticatorId: string, code: string): Promise<boolean>;
  remove(authenticatorId: string): Promise<void>;
}
