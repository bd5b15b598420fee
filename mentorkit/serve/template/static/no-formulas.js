// Stands where Voilà looks for MathJax. No page has a formula, and 0.2 MB would be loaded on every visit to find none.
window.MathJax = { Hub: { Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } } };
