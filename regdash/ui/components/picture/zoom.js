// The visitor's zoom as layout settings: a copy of the figure must show what the original shows.
function zoomOf(full, layout) {
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(axes.map((name) => [name, { ...layout[name], range: [...full[name].range] }]));
}
