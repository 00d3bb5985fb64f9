# SPDX-License-Identifier: MIT
# One line a target: millrace_fuzz(NAME LIBS ...).
millrace_fuzz(config LIBS millrace_app)
millrace_fuzz(values LIBS millrace_app)
millrace_fuzz(media LIBS millrace::avformat)
millrace_fuzz(negotiate LIBS millrace::engine)
millrace_fuzz(packed_headers LIBS millrace_softva_objects)
millrace_fuzz(layout LIBS millrace::engine)
millrace_fuzz(allocate LIBS millrace::engine)
millrace_fuzz(buffer LIBS millrace::engine)
millrace_fuzz(metas LIBS millrace::engine)
