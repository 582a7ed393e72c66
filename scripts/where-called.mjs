/** The folder that relative paths of the command line mean: npm runs scripts in the project's, wherever it was called. */
export const whereCalled = () => (process.env.npm_lifecycle_event && process.env.INIT_CWD) || process.cwd();
