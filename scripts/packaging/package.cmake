# The target `uninstall`, and three Debian packages by `cpack -G DEB`: nst, libnst0 and libnst-dev. Debian
# wants libraries in its multiarch folder, so the build is to be configured for /usr: scripts/package.
configure_file(${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake.in uninstall.cmake @ONLY)
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P ${PROJECT_BINARY_DIR}/uninstall.cmake
                  COMMENT "Removing what was installed" VERBATIM)

set(NST_DEBIAN_REVISION 1)
# The packages of a fork have a maintainer of their own, by the variables that Debian's tools read.
set(NST_MAINTAINER "nst maintainers <nst@packages.invalid>")
if(DEFINED ENV{DEBEMAIL})
    set(NST_MAINTAINER "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
foreach(file copyright changelog.Debian)
    configure_file(${CMAKE_CURRENT_LIST_DIR}/${file}.in packaging/${file} @ONLY)
endforeach()

set(CPACK_PACKAGE_VENDOR "nst")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program library development)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/finish_deb.cmake)
configure_file(${CMAKE_CURRENT_LIST_DIR}/finish_deb.cmake.in finish_deb.cmake @ONLY)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${NST_DEBIAN_REVISION})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${NST_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# What is loaded on demand dpkg-shlibdeps does not see: the packages that have it, in the versions that
# it was built with at least. dpkg knows some files by a path without /usr.
get_property(NST_LOADED_LIBRARIES GLOBAL PROPERTY NST_LOADED_LIBRARIES)
find_program(NST_DPKG_QUERY dpkg-query)
set(NST_LOADED_PACKAGES)
foreach(path IN LISTS NST_LOADED_LIBRARIES)
    get_filename_component(path ${path} REALPATH)
    string(REGEX REPLACE "^/usr/" "/" other ${path})
    foreach(file IN ITEMS ${path} ${other})
        set(package "")
        if(NST_DPKG_QUERY)
            execute_process(COMMAND ${NST_DPKG_QUERY} -S ${file} OUTPUT_VARIABLE package ERROR_QUIET)
        endif()
        if(package MATCHES "^([^:]+):")
            set(package ${CMAKE_MATCH_1})
            execute_process(COMMAND ${NST_DPKG_QUERY} -W -f "\${source:Upstream-Version}" ${package}
                            OUTPUT_VARIABLE version)
            list(APPEND NST_LOADED_PACKAGES "${package} (>= ${version})")
            break()
        endif()
    endforeach()
endforeach()
list(JOIN NST_LOADED_PACKAGES ", " CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME nst)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION graphics)
# Libheif loads the decoders for pictures of phones from packages of their own since Debian 13.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "libheif-plugin-libde265, libheif-plugin-aomenc, curl | wget")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "python3, python3-numpy")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "paint a photo in the style of a painting
nst does neural style transfer by optimization: it changes a picture until a
network, VGG19, sees in it the shapes of the photo and the textures of the
painting. The network's passes run on the processor by OpenBLAS. A narrow
VGG19 and nine painted styles come with the program, so nothing is downloaded.

It paints single pictures, folders of them, and serves a page for a browser.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnst0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/packaging/shlibs
                                               ${PROJECT_BINARY_DIR}/packaging/triggers)
file(WRITE ${PROJECT_BINARY_DIR}/packaging/shlibs "libnst 0 libnst0 (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/packaging/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "neural style transfer on the processor: library
This library paints pictures in the style of others, by the network that is
built into it or by one from a file, and measures how alike two pictures are.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libnst-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libnst0 (= ${PROJECT_VERSION}-${NST_DEBIAN_REVISION}), libopenblas-dev, libcjson-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "neural style transfer on the processor: development files
This package has the header, the static library, and the files by which
pkg-config and CMake find the library that paints pictures in the style of
others.")
include(CPack)
