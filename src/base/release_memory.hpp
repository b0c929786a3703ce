// release_memory: empties a container and gives its memory back. `container = {}` keeps that of a
// vector.
#pragma once

namespace sluice {

template <class Container>
void release_memory(Container& container) {
  Container().swap(container);
}

}  // namespace sluice
