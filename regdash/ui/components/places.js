// The objects that components have on a page, one for each place.
//
// Streamlit calls a component for each run of the page, and what the call returned once the place is gone. But calls that
// come while the component's script is still on its way are made one after the other as soon as it is there, and what
// the earlier ones returned is called at once: the place is not gone then, a later call has it.
class Places {
  constructor() {
    this.places = new WeakMap(); // by element: its object, and how many calls had it
  }

  // The object at an element, made by `make` for the first call, and what the call returns.
  at(element, make) {
    if (!this.places.has(element)) this.places.set(element, { object: make(), calls: 0 });
    const place = this.places.get(element);
    const call = (place.calls += 1);
    const leave = () => {
      if (call !== place.calls || this.places.get(element) !== place) return;
      this.places.delete(element);
      place.object.close?.();
    };
    return [place.object, leave];
  }
}
