# Writes the time zones that the program carries (zone_carried.h) as C: the system's TZif files, each
# without the block of 32-bit times, which its readers leave out. Names of the same content share it.
#
#     cmake -D ZONES=tzdata.zi -D OUTPUT=zone_carried.c -P carry_zones.cmake

cmake_minimum_required(VERSION 3.25)

# The 32-bit block behind the first header, which then has to count nothing (RFC 9636, 3.1).
function(drop_block bytes result)
	set(rest ${bytes})
	set(length 0)
	foreach(size 1 1 8 5 6 1) # isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt
		string(SUBSTRING ${rest} 40 8 count)
		math(EXPR length "${length} + 0x${count} * ${size}")
		string(SUBSTRING ${rest} 8 -1 rest)
	endforeach()
	math(EXPR second "(44 + ${length}) * 2")
	string(SUBSTRING ${bytes} 0 40 header)
	string(REPEAT 00 24 counts)
	string(SUBSTRING ${bytes} ${second} -1 rest)
	set(${result} ${header}${counts}${rest} PARENT_SCOPE)
endfunction()

get_filename_component(folder ${ZONES} DIRECTORY)
file(STRINGS ${ZONES} version REGEX "^# version " LIMIT_COUNT 1)
string(REGEX REPLACE "^# version " "" version "${version}")
file(GLOB_RECURSE names RELATIVE ${folder} ${folder}/*)
list(FILTER names EXCLUDE REGEX "^(posix/|right/|posixrules$|localtime$|Factory$)")
list(SORT names CASE INSENSITIVE)
foreach(name ${names})
	file(READ ${folder}/${name} bytes HEX)
	if(NOT bytes MATCHES "^545a6966") # "TZif"
		continue()
	endif()
	if(NOT bytes MATCHES "^545a696600")
		drop_block(${bytes} bytes)
	endif()
	string(MD5 id ${bytes})
	if(NOT DEFINED known_${id})
		set(known_${id} YES)
		string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
		string(APPEND arrays "static const unsigned char zone_${id}[] = { ${bytes} };\n")
	endif()
	string(APPEND rows "\t{ \"${name}\", zone_${id}, sizeof(zone_${id}) },\n")
endforeach()
if(NOT rows)
	message(FATAL_ERROR "There are no time zones in ${folder}: is tzdata installed?")
endif()

file(WRITE ${OUTPUT} "#include \"${CMAKE_CURRENT_LIST_DIR}/zone_carried.h\"

${arrays}
const struct zone_carried zones_carried[] = {
${rows}};
const size_t zones_carried_count = sizeof(zones_carried) / sizeof(*zones_carried);
const char zones_carried_version[] = \"${version}\";
")
