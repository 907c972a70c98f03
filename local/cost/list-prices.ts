/**
 * List prices of Azure that `npm run bench:cost` reckons with. To be checked: they were written from memory,
 * not taken from Azure's price list. Write the date beside them when you have compared them.
 */
export const listPrices = {
  asOf: '2026-11-29',
  status: 'to be checked',
  region: 'West Europe',
  currency: 'EUR',
  prices: {
    gigabyteSecond: 0.000026,
    millionExecutions: 0.4,
    tenThousandBlobWrites: 0.0625,
    tenThousandBlobReads: 0.005,
    tenThousandTableCalls: 0.00045,
    gigabyteMonth: 0.023,
    gigabyteOut: 0.08,
    gigabyteLogged: 2.76,
    email: 0.00025,
    textMessage: 0.08,
  },
};
