# Parts of a binary: what pipeline files may name, and rewrites of plans. Each kind is new files and
# one line here; the same lines work in a project of its own (see connectors/README.md).
#
#   sluice_connector(NAME [USES rooms…] [LIBS libraries…])   the folder NAME, which defines
#                         std::unique_ptr<Connector> make_NAME_connector()
#   sluice_format(NAME)                                      the file NAME.cpp, which defines
#                         void register_NAME(FormatRegistry&)
#   sluice_functions(NAME)                                   the file NAME.cpp, which defines
#                         void register_NAME(FunctionRegistry&): functions and aggregates
#   sluice_rewrite(NAME)                                     the file NAME.cpp, which defines
#                         void register_NAME(RewriteRegistry&)
#
# Nothing registers itself: sluice_registry(TARGET) generates the list of all parts that were
# declared before it as make_registry() (pipeline/registry.hpp).

# A connector may use the kit and what it uses; never operators, storage, runtime, pipeline or
# another connector.
function(sluice_connector name)
  sluice_room(connector_${name} DIR ${CMAKE_CURRENT_SOURCE_DIR}/${name} USES kit ${ARGN})
  set_property(GLOBAL APPEND PROPERTY SLUICE_CONNECTORS ${name})
endfunction()

function(sluice_format name)
  sluice_single_file_part(format ${name} formats ${ARGN})
endfunction()

function(sluice_functions name)
  sluice_single_file_part(functions ${name} expr ${ARGN})
endfunction()

function(sluice_rewrite name)
  sluice_single_file_part(rewrite ${name} plan ${ARGN})
endfunction()

# Internal: one file as a library over the room whose registry it is added to.
function(sluice_single_file_part kind name room)
  cmake_parse_arguments(PART "" "" "LIBS" ${ARGN})
  add_library(sluice_${kind}_${name} STATIC ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp)
  target_link_libraries(sluice_${kind}_${name} PUBLIC sluice_${room} ${PART_LIBS})
  set_property(GLOBAL APPEND PROPERTY SLUICE_${kind}_PARTS ${name})
endfunction()

# Internal: a declaration and a call for each part of a kind.
macro(sluice_list_parts kind argument registry)
  get_property(parts GLOBAL PROPERTY SLUICE_${kind}_PARTS)
  foreach(part ${parts})
    string(APPEND declarations "void register_${part}(${argument} registry);\n")
    string(APPEND calls "  register_${part}(registry->${registry}());\n")
    target_link_libraries(${target} PRIVATE sluice_${kind}_${part})
  endforeach()
endmacro()

# sluice_registry(TARGET): generates make_registry() into TARGET and links every part.
function(sluice_registry target)
  set(declarations "")
  set(calls "")
  get_property(connectors GLOBAL PROPERTY SLUICE_CONNECTORS)
  foreach(name ${connectors})
    string(APPEND declarations "std::unique_ptr<Connector> make_${name}_connector();\n")
    string(APPEND calls "  registry->connectors().add(make_${name}_connector());\n")
    target_link_libraries(${target} PRIVATE sluice_connector_${name})
  endforeach()
  sluice_list_parts(format "FormatRegistry&" formats)
  sluice_list_parts(functions "FunctionRegistry&" functions)
  sluice_list_parts(rewrite "RewriteRegistry&" rewrites)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}_registry.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"#include \"pipeline/registry.hpp\"

namespace sluice {

${declarations}
std::unique_ptr<Registry> make_registry() {
  auto registry = std::make_unique<Registry>();
${calls}  return registry;
}

}  // namespace sluice
")
  target_sources(${target} PRIVATE ${generated})
  target_link_libraries(${target} PRIVATE sluice_pipeline)
endfunction()

# sluice_binary(NAME): the command line and the service, with every part that was declared.
function(sluice_binary name)
  add_executable(${name})
  sluice_registry(${name})
  target_link_libraries(${name} PRIVATE sluice_cli)
  if(SLUICE_MIMALLOC)
    find_package(mimalloc REQUIRED)
    target_link_libraries(${name} PRIVATE mimalloc)
  endif()
endfunction()
