/** What the emulator of S3 takes as credentials. */
export const s3Credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
export const s3Region = 'eu-central-1';
