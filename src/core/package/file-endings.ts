/** How a file is masked: as a mail, as a text, or not at all. */
export type FileKind = 'mail' | 'text' | 'opaque';

/**
 * Endings of files that a double click may run, or open where a script in them runs. They are those that
 * mail programs and browsers refuse:
 * - Microsoft, "Blocked attachments in Outlook" (support.microsoft.com) and "Dangerous file types" of
 *   Exchange; Google, "File types blocked in Gmail" (support.google.com/mail/answer/6590);
 * - Office documents that hold macros by their format (ECMA-376, learn.microsoft.com "Open XML formats and
 *   file name extensions"), and query files that Excel runs;
 * - documents with scripts: "scriptable MIME type" of the WHATWG MIME Sniffing Standard, section 4.6, but
 *   for PDF, whose readers confine its scripts;
 * - programs, scripts, images of disks and shortcuts of macOS and Linux (Apple, "Uniform Type Identifiers":
 *   `public.executable`, `public.script`; freedesktop.org, "Desktop Entry Specification").
 * An ending of more than 8 letters, or with other characters, is neutral in any case.
 */
const activeEndings: ReadonlySet<string> = new Set(
  [
    // Windows: programs, libraries, installers, images of disks
    '386 ade adp app appx bat bgi cab cmd cnt com cpl dll drv exe gadget grp hlp hpj img ins iso isp',
    'lib mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz msc msi msix msp mst',
    'msu ocx ops osd pcd pif plg prf prg pst scr shb shs sys theme vhd vhdx vsw vxd xbap xll xnk',
    // Windows: scripts, settings and shortcuts
    'asp aspx asx bas cdxml cer chm crt csh der fxp hta htc inf its jnlp js jse ksh lnk mjs cjs msh msh1',
    'msh2 mshxml ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 pssc reg scf sct udl url vb vbe vbp vbs ws wsc',
    'wsf wsh website wpk diagcab jsp php php3 py pyc pyo pyw pyz pyzw pl rb lua tcl',
    // Office with macros or queries, OneNote with embedded programs
    'docm dotm xlsm xltm xlam pptm potm ppam ppsm sldm accde accdr iqy oqy dqy rqy slk one onepkg',
    // Documents with scripts
    'htm html xhtml xht shtml svg svgz xml xsl xslt mht mhtml swf mml rdf',
    // macOS, Linux, Java, Android
    'action command dmg dylib fileloc inetloc mpkg pkg scpt scptd terminal tool webloc workflow',
    'appimage bash deb desktop ear elf jar class out rpm run sh snap so war zsh apk',
  ].flatMap((line) => line.split(' ')),
);

/** Whether an ending (without its dot) is of a file that a double click may run. */
export const isActiveEnding = (ending: string): boolean => activeEndings.has(ending.toLowerCase());

/**
 * How a file of others ends in the package: as its own name does; with `.txt` or `.bin` where a double
 * click may run it, or its name has no ending.
 */
export function packageEnding(name: string | undefined, kind: FileKind): string {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name ?? '')?.[1]?.toLowerCase();
  if (ending === undefined) return '.bin';
  if (!isActiveEnding(ending)) return `.${ending}`;
  return kind === 'text' ? '.txt' : '.bin';
}
