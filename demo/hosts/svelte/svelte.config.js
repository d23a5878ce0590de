// Fragments as trees are made without `innerHTML`, which the page's policy does not allow.
export default { compilerOptions: { fragments: 'tree' } };
