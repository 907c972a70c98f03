// Set up before the tests of the second project; see jest.config.cjs.
process.env.SCENARIO_HOSTING = 'adverse';
