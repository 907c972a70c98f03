/**
 * Folder of the app's code and of the files that it comes with: `locales` and `web`, wherever a module
 * of it stands. What is deployed has all modules in one file there.
 */
export const appFolder = __dirname;
