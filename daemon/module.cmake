# module(NAME USES other modules... LIBS third-party targets...)
#
# Declares one layer: a static library of the sources that daemon/NAME/CMakeLists.txt lists. Its include path
# holds its own public headers and those of base and of the modules it USES, nothing else, so an include that
# the layer diagram does not allow cannot be found. A module may only use modules declared above it.
set(HEADER_ROOTS ${CMAKE_BINARY_DIR}/headers)

function(header_root name)
    file(MAKE_DIRECTORY ${HEADER_ROOTS}/${name} ${CMAKE_SOURCE_DIR}/include/${name})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/${name} ${HEADER_ROOTS}/${name}/${name} SYMBOLIC)
endfunction()

function(module name)
    cmake_parse_arguments(M "" "" "USES;LIBS" ${ARGN})
    header_root(${name})
    add_library(${name} STATIC)
    target_include_directories(${name} PRIVATE ${HEADER_ROOTS}/${name})
    if(NOT name STREQUAL base)
        list(APPEND M_USES base)
    endif()
    foreach(used IN LISTS M_USES)
        if(NOT TARGET ${used})
            message(FATAL_ERROR "module ${name} uses ${used}, which is not declared above it in daemon/CMakeLists.txt")
        endif()
        target_include_directories(${name} PRIVATE ${HEADER_ROOTS}/${used})
        target_link_libraries(${name} PUBLIC ${used})
    endforeach()
    target_link_libraries(${name} PRIVATE ${M_LIBS})
    set_property(TARGET ${name} PROPERTY MODULE_USES "${M_USES}")
    add_subdirectory(${name})
endfunction()

# embed(MODULE FILE SYMBOL) makes `const char SYMBOL[]` (with a final NUL) and `const size_t SYMBOL_size` of a file.
function(embed module file symbol)
    set(out ${CMAKE_BINARY_DIR}/embedded/${symbol}.S)
    # The digest makes the source differ with the file: a compiler cache does not look into .incbin.
    file(SHA256 ${file} digest)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    set(text "# ${digest}\n.section .rodata\n.global ${symbol}\n.global ${symbol}_size\n.balign 16\n${symbol}:\n.incbin \"${file}\"\n1: .byte 0\n.balign 8\n${symbol}_size: .quad 1b - ${symbol}\n.section .note.GNU-stack,\"\",@progbits\n")
    set(before "")
    if(EXISTS ${out})
        file(READ ${out} before)
    endif()
    if(NOT text STREQUAL before)
        file(WRITE ${out} "${text}")
    endif()
    set_property(SOURCE ${out} APPEND PROPERTY OBJECT_DEPENDS ${file})
    target_sources(${module} PRIVATE ${out})
endfunction()

# manual(PAGE PROGRAM ARGUMENT...) makes a page of manual of what a program prints, and installs it with the program.
function(manual page program)
    set(out ${CMAKE_BINARY_DIR}/manual/${page})
    string(REGEX MATCH "[0-9]$" section ${page})
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/manual
        COMMAND ${CMAKE_COMMAND} -E env TZ=UTC $<TARGET_FILE:${program}> ${ARGN} > ${out}.new
        COMMAND ${CMAKE_COMMAND} -E rename ${out}.new ${out}
        COMMAND gzip -9nc ${out} > ${out}.gz
        DEPENDS ${program} VERBATIM)
    add_custom_target(manual_${page} ALL DEPENDS ${out})
    if(program STREQUAL entretiend)
        set(component daemon)
    else()
        set(component ctl)
    endif()
    install(FILES ${out}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
endfunction()
