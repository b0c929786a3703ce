# Compiler, build types and options that hold for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Dev: what a developer iterates with: quick to compile, assertions and symbols on.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_EXE_LINKER_FLAGS_DEV "")
# Our own assertions stay on; those of library headers, on every JSON token for example, do not.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Dev or Release" FORCE)
endif()

option(SLUICE_LTO "Link-time optimisation of the sluice binary" OFF)
option(SLUICE_MIMALLOC "Use mimalloc as the allocator of the sluice binary" ON)
set(SLUICE_SANITIZE "" CACHE STRING "address, address,undefined or thread")
option(SLUICE_FUZZ "Build the fuzz targets for libFuzzer; needs Clang" OFF)

add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers -fno-plt)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 takes std::string's own operator+ for an overlapping copy, and members of temporaries
  # for uninitialised ones, when it inlines them.
  add_compile_options(-Wno-restrict $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # GCC 14 does so with the members of empty optionals, at every level.
  add_compile_options(-Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # Clang only fuzzes: GCC judges the code. Of GCC's own headers it lacks the one of libquadmath.
  add_compile_options(-Wno-error -Wno-unknown-warning-option)
  execute_process(COMMAND g++ -print-file-name=include/quadmath.h OUTPUT_VARIABLE quadmath_header
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND g++ -print-file-name=libquadmath.so OUTPUT_VARIABLE quadmath_library
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(COPY ${quadmath_header} DESTINATION ${CMAKE_BINARY_DIR}/quadmath)
  include_directories(SYSTEM ${CMAKE_BINARY_DIR}/quadmath)
  get_filename_component(quadmath_folder ${quadmath_library} DIRECTORY)
  link_directories(${quadmath_folder})
endif()
if(SLUICE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(SLUICE_SANITIZE)
  # Sanitizers make GCC see uninitialised values where there are none; they find the real ones.
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g1 -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
  set(SLUICE_MIMALLOC OFF)
endif()
if(SLUICE_SANITIZE STREQUAL thread)
  add_library(sluice_c11_threads SHARED ${SLUICE_ROOT}/cmake/c11_threads.cpp)
  link_libraries(-Wl,--no-as-needed sluice_c11_threads)
endif()
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${SLUICE_LTO})

find_program(SLUICE_CCACHE ccache)
if(SLUICE_CCACHE)
  # base_dir makes paths relative, so that checkouts in different folders share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${SLUICE_CCACHE})
endif()
find_program(SLUICE_MOLD mold)
if(SLUICE_MOLD AND NOT SLUICE_LTO)
  add_link_options(-fuse-ld=mold)
endif()
