# cpack: the Debian packages entretiend (the daemon) and entretienctl (the command line).
set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME entretiend)
set(CPACK_PACKAGE_VENDOR entretiend)
set(CPACK_PACKAGE_CONTACT "entretiend maintainers <maintainers@entretiend.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_COMPONENTS_ALL daemon conffile ctl)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_ENTRETIEND_PACKAGE_NAME entretiend)
set(CPACK_DEBIAN_ENTRETIEND_DESCRIPTION "professional reviews: duties, invitations, proofs
entretiend knows when French employers owe each employee an entretien
professionnel, plans it, invites by iCalendar, takes completed trainings from
LMS platforms and keeps the proof of it in an audit chain. One process, one
embedded database, a REST interface.")
set(CPACK_DEBIAN_ENTRETIEND_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_ENTRETIEND_PACKAGE_RECOMMENDS entretienctl)
set(scripts ${CMAKE_SOURCE_DIR}/config/debian)
set(CPACK_DEBIAN_ENTRETIEND_PACKAGE_CONTROL_EXTRA ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm ${scripts}/conffiles)

set(CPACK_DEBIAN_ENTRETIENCTL_PACKAGE_NAME entretienctl)
set(CPACK_DEBIAN_ENTRETIENCTL_DESCRIPTION "command line of entretiend
entretienctl asks an entretiend over its REST interface: imports, duties,
reviews, deliveries, the audit chain; it sets up a new one too.")
set(CPACK_DEBIAN_ENTRETIENCTL_PACKAGE_DEPENDS tzdata)

# Debian wants a copyright and a changelog in each package.
function(debian_documents package component)
    string(TIMESTAMP today "%a, %d %b %Y %H:%M:%S +0000" UTC)
    set(changelog ${CMAKE_BINARY_DIR}/packages/${package}/changelog)
    file(WRITE ${changelog} "${package} (${PROJECT_VERSION}) bookworm; urgency=medium

  * Release ${PROJECT_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${today}
")
    execute_process(COMMAND gzip -9nf ${changelog} COMMAND_ERROR_IS_FATAL ANY)
    install(FILES ${changelog}.gz ${CMAKE_SOURCE_DIR}/config/debian/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endfunction()
debian_documents(entretiend daemon)
debian_documents(entretienctl ctl)

include(CPack)
cpack_add_component(daemon GROUP entretiend)
cpack_add_component(conffile GROUP entretiend)
cpack_add_component(ctl GROUP entretienctl)
cpack_add_component_group(entretiend)
cpack_add_component_group(entretienctl)
