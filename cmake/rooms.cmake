# sluice_room(NAME [USES rooms...] [LIBS libraries...]): one room of src/ or one connector as a
# static library of every .cpp in its folder. USES is the list of rooms its files may include;
# tests/tidy reads the same lines.
function(sluice_room name)
  cmake_parse_arguments(ROOM "" "DIR" "USES;LIBS" ${ARGN})
  if(NOT ROOM_DIR)
    set(ROOM_DIR ${SLUICE_ROOT}/src/${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ROOM_DIR}/*.cpp)
  if(sources)
    add_library(sluice_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(sluice_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(sluice_${name}
                             ${scope} ${SLUICE_ROOT}/src ${SLUICE_ROOT})
  foreach(used ${ROOM_USES})
    target_link_libraries(sluice_${name} ${scope} sluice_${used})
  endforeach()
  target_link_libraries(sluice_${name} ${scope} ${ROOM_LIBS})
  set_property(GLOBAL APPEND PROPERTY SLUICE_ROOMS ${name})
endfunction()

# sluice_registration(TARGET FUNCTION ARGUMENT NAMES...): generates, into TARGET, `void
# FUNCTION(ARGUMENT)` that calls `register_NAME(…)` for every name: an explicit list, with no static
# initialiser, kept in one CMake line.
function(sluice_registration target function argument header)
  set(declarations "")
  set(calls "")
  foreach(name ${ARGN})
    string(APPEND declarations "void register_${name}(${argument} registry);\n")
    string(APPEND calls "  register_${name}(registry);\n")
  endforeach()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"#include \"${header}\"

namespace sluice {

${declarations}
void ${function}(${argument} registry) {
${calls}}

}  // namespace sluice
")
  target_sources(${target} PRIVATE ${generated})
endfunction()

# sluice_binary_tests(FOLDER TIMEOUT PARTS...): tests of the binary, each the Python module
# FOLDER.test_PART of tests/. Debian's Python has the servers' clients.
function(sluice_binary_tests folder timeout_s)
  find_program(SLUICE_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
  foreach(part ${ARGN})
    add_test(NAME ${folder}.${part}
             COMMAND ${SLUICE_SYSTEM_PYTHON} -B -m unittest -v ${folder}.test_${part}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
    set_tests_properties(${folder}.${part} PROPERTIES TIMEOUT ${timeout_s}
                         ENVIRONMENT SLUICE_BINARY=$<TARGET_FILE:sluice>)
  endforeach()
endfunction()

# sluice_unit_tests(ROOM [LIBS ...]): the tests of tests/unit/ROOM in one executable that links that
# room alone, so that a room which reaches for more than it may use does not link.
function(sluice_unit_tests room)
  cmake_parse_arguments(TEST "" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${room}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${room}_test ${sources})
  target_include_directories(${room}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${room}_test PRIVATE SLUICE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${room}_test PRIVATE sluice_${room} ${TEST_LIBS} sluice_test_golden
                                             GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME unit.${room} COMMAND ${room}_test)
  set_tests_properties(unit.${room} PROPERTIES TIMEOUT 300)
endfunction()
